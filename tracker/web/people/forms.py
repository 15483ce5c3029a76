"""Forms of people, units and the own password."""

from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from tracker.domain.cases.wording import ROLES, UNIT_KINDS
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.web.house.forms import HouseForm, at_most, chosen, listed, required, text

ROLE_CHOICES = [(role.value, word) for role, word in ROLES.items()]
STRENGTH = "至少 10 个字符；不要用姓名、单位、地名或常用词加数字"
LAST_DAY = Given("last_day", "最后一日", FieldKind.date, is_required=False)


class SignInForm(HouseForm):
    """Login and password."""

    login = text("登录名", longest=60, autocomplete="username", autocapitalize="none", autofocus=True)
    password = PasswordField("密码", [required("密码"), at_most(200)], render_kw={"autocomplete": "current-password"})
    is_own_device = BooleanField("这是我自己的手机")


class ForgottenForm(HouseForm):
    """Whose password was forgotten."""

    login = text("登录名", longest=60, autocomplete="username", autocapitalize="none", autofocus=True)


class ColleagueForm(HouseForm):
    """A colleague who forgot theirs."""

    colleague = SelectField("同事", [chosen("同事")])

    def offer(self, colleagues: Choices) -> "ColleagueForm":
        """Hand in who can be chosen."""
        self.colleague.choices = listed(colleagues, "请选择")
        return self


class PasswordForm(HouseForm):
    """The own password changed."""

    password = PasswordField("原密码", [required("原密码")], render_kw={"autocomplete": "current-password"})
    new_password = PasswordField("新密码", [required("新密码")], description=STRENGTH, render_kw={"autocomplete": "new-password"})
    repeat = PasswordField("再输一次新密码", [required("再输一次新密码")], render_kw={"autocomplete": "new-password"})

    def validate_repeat(self, field: PasswordField) -> None:
        """Typed twice alike."""
        if field.data != self.new_password.data:
            raise ValidationError("两次输入的新密码不一致。")


class LinkForm(HouseForm):
    """A password set with a link."""

    code = text("链接里的代码", longest=60, hint="点链接进来的已经填好；也可以照交接单抄写", autocomplete="off", autocapitalize="none")
    new_password = PasswordField("新密码", [required("新密码")], description=STRENGTH, render_kw={"autocomplete": "new-password"})
    repeat = PasswordField("再输一次新密码", [required("再输一次新密码")], render_kw={"autocomplete": "new-password"})
    validate_repeat = PasswordForm.validate_repeat


class EmailForm(HouseForm):
    """Another address."""

    email = text("邮箱", is_required=False, autocomplete="off")


class PersonForm(HouseForm):
    """A new person."""

    login = text("登录名", longest=40, hint="2 至 40 个小写字母、数字或 . _ -", autocapitalize="none", autocomplete="off")
    name = text("姓名", autocomplete="off")
    title = text("职务", longest=100, is_required=False)
    email = text("邮箱", is_required=False, hint="收提醒和设密码的链接")
    unit = SelectField("单位", default="", render_kw={"optional": True})
    role = SelectField("角色", [chosen("角色")], choices=listed(ROLE_CHOICES, "请选择"))
    area_code = SelectField("辖区", default="", render_kw={"optional": True}, description="角色在哪个区划内有效")

    def offer(self, units: Choices, areas: Choices) -> "PersonForm":
        """Hand in what can be chosen."""
        self.unit.choices = listed(units, "无")
        self.area_code.choices = listed(areas, "全部")
        return self

    def grant(self) -> Grant:
        """The first role."""
        return Grant(Role(self.role.data), self.area_code.data or "")


class GrantForm(HouseForm):
    """One more role."""

    role = SelectField("角色", [chosen("角色")], choices=listed(ROLE_CHOICES, "请选择"))
    area_code = SelectField("辖区", default="", render_kw={"optional": True})

    def offer(self, areas: Choices) -> "GrantForm":
        """Hand in what can be chosen."""
        self.area_code.choices = listed(areas, "全部")
        return self


class RevokeForm(HouseForm):
    """One role less."""

    role = SelectField("角色", choices=listed(ROLE_CHOICES))
    area_code = StringField("辖区")


class HeadForm(HouseForm):
    """Whether somebody heads their unit."""

    is_head = BooleanField("是本单位负责人")


class DeactivateForm(HouseForm):
    """The end of an account."""

    heir = SelectField("由谁接手", default="", description="还有未办结的事项时必须指定接手人", render_kw={"optional": True})
    is_sure = BooleanField("我确认停用这个账号", [DataRequired("请勾选“我确认停用这个账号”。")])

    def offer(self, people: Choices) -> "DeactivateForm":
        """Hand in who may take over."""
        self.heir.choices = listed(people, "无人接手（须没有未办结事项）")
        return self


class SecondFactorForm(HouseForm):
    """What the app on the phone shows, or a code from paper."""

    code = text("动态口令或备用码", longest=40, autocomplete="one-time-code", inputmode="text")


class ConfirmForm(HouseForm):
    """Nothing but a token."""


class UnitForm(HouseForm):
    """A new unit."""

    code = text("单位代码", longest=40, autocomplete="off")
    name = text("单位全称")
    kind = SelectField("类别", [chosen("类别")], choices=listed(UNIT_KINDS.items(), "请选择"))
    parent = SelectField("上级单位", default="", render_kw={"optional": True})
    area_code = SelectField("区划", default="", render_kw={"optional": True})
    email = text("邮箱", is_required=False)

    def offer(self, units: Choices, areas: Choices) -> "UnitForm":
        """Hand in what can be chosen."""
        self.parent.choices = listed(units, "无")
        self.area_code.choices = listed(areas, "全部")
        return self


class EndUnitForm(HouseForm):
    """The last day of a unit."""

    last_day = StringField("最后一日", description="不填则为今天", render_kw={"type": "date", "optional": True})
    successor = SelectField("承接单位", default="", render_kw={"optional": True})

    def offer(self, units: Choices) -> "EndUnitForm":
        """Hand in what can be chosen."""
        self.successor.choices = listed(units, "无")
        return self

    def validate_last_day(self, field: StringField) -> None:
        """A date, where one is given."""
        try:
            read(LAST_DAY, field.data)
        except Invalid as invalid:
            raise ValidationError(invalid.sentence) from None
