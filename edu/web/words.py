"""What coded kinds are called on the screen: duties, reasons for relief, browsers."""

from flask_babel import gettext as _

from edu.quizzes.kinds import KINDS
from edu.web.filters import in_language

#: How browsers and systems call themselves, the particular before the general: Edge says Chrome, Chrome says Safari.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def duty_names() -> dict[str, str]:
    return {
        "secretary": _("Secretary"),
        "board": _("Board"),
        "trainer": _("Trainer"),
        "administrator": _("Administrator"),
    }


def relief_reasons() -> dict[str, str]:
    return {"age": _("Age"), "leave": _("Leave"), "posting": _("Posted away"), "other": _("Another reason")}


def kind_names() -> dict[str, str]:
    """What each kind of question is called."""
    return {name: in_language({tag: words[0] for tag, words in kind.WORDS.items()}) for name, kind in KINDS.items()}


def device_name(user_agent: str) -> str:
    """A browser as a person would name it, from how it names itself."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), None)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("An unknown device")
