// The code of a link stands behind the # of its address, which no browser sends: it goes into its field, and out of the address.
(() => {
  "use strict";
  const code = document.querySelector("[name=code]");
  const given = location.hash.slice(1);
  if (!code || !/^[a-z2-7-]{20,40}$/i.test(given)) return;
  code.value = given;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[name=new_password]").focus();
})();
