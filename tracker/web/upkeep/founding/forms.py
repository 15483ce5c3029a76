"""The forms of the set-up."""

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField

from tracker.domain.territory.territory import Area
from tracker.services.mail.way_out import ENCRYPTIONS
from tracker.services.upkeep.founding.seeding import unit_name
from tracker.web.house.forms import HouseForm, at_most, listed, text
from tracker.web.territory.forms import OfficeForm

__all__ = ["CodeForm", "MailForm", "OfficeForm", "PersonMailForm", "PlaceForm", "UnitsForm"]


class CodeForm(HouseForm):
    """The one-time code."""

    code = text("开设代码", longest=60, hint="./run own 打印的链接里 # 号后面的部分；点链接进来的已经填好", autocomplete="off",
                autocapitalize="none")


class PlaceForm(HouseForm):
    """A place by its code or name."""

    area = text("名称或代码", longest=60, is_required=False, hint="如 杭州市西湖区，或 330106", autocomplete="off")


class MailForm(HouseForm):
    """A mail server."""

    server = text("邮件服务器", is_required=False, hint="如 smtp.example.org；不填就先把邮件写成文件，以后再设", autocomplete="off")
    encryption = SelectField("加密方式", choices=listed(ENCRYPTIONS.items()), default="starttls")
    port = text("端口", longest=5, is_required=False, hint="不填则按加密方式取常用端口", inputmode="numeric", autocomplete="off")
    user = text("邮箱用户名", is_required=False, autocomplete="off")
    secret = PasswordField("邮箱密码或授权码", [at_most(200)], render_kw={"autocomplete": "off", "optional": True})
    sender = text("发件人", is_required=False, hint="邮箱地址，如 zgb@example.org", autocomplete="off")
    to = text("试发到", is_required=False, hint="收一封试发的信；不填则发到您的邮箱", autocomplete="off")
    is_later = BooleanField("保存设置，以后再试")


class PersonMailForm(MailForm):
    """The first administrator, and the mail server."""

    login = text("登录名", longest=40, hint="2 至 40 个小写字母、数字或 . _ -", autocapitalize="none", autocomplete="off")
    name = text("姓名", autocomplete="off")
    email = text("邮箱", is_required=False, hint="收提醒和通知", autocomplete="off")


class UnitsForm(HouseForm):
    """For which parts a unit is made."""

    units = SelectMultipleField("建单位", choices=[])

    def offer(self, parts: tuple[Area, ...]) -> "UnitsForm":
        """Hand in the parts, each with what its unit would be called."""
        self.units.choices = listed((each.code, unit_name(each)) for each in parts)
        return self
