"""What a browser is called, from what it says of itself: enough to tell the own telephone from a stranger's."""

# The first that is found names it: others claim to be like those that stand below.
BROWSERS = (("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("wxwork", "企业微信"), ("Edg", "Edge"), ("OPR", "Opera"),
            ("QQBrowser", "QQ"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))


def device_of(agent: str) -> str:
    """Browser and system, as far as they are known; "" for what says nothing known."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found))
