"""Projects whose effect on employment is assessed (就业影响评估): posts by month, and what becomes of them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ykforecast.spec.months import Month, month_index
from ykforecast.spec.record import FromList, Name, Reasoned, Record, Text
from ykforecast.vocabulary.dims import MONTHS

Skill = Literal["unskilled", "skilled", "professional"]
Sector = Literal["construction", "manufacturing", "services", "agriculture", "public"]
#: Kinds of work by sector: employees of enterprises with a contract and flexible workers without one, or one kind only.
ONE_KIND: Final = {"agriculture": "farm", "public": "public"}
SECTORS_ZH: Final = {
    "construction": "建筑业",
    "manufacturing": "制造业",
    "services": "服务业",
    "agriculture": "农业",
    "public": "机关事业单位",
}
#: Skill asked for, as completed education: what the city's census can say of its people.
SKILL_LEVELS: Final[dict[Skill, tuple[str, ...]]] = {
    "unskilled": ("none", "primary", "junior"),
    "skilled": ("senior",),
    "professional": ("college", "university"),
}
SKILLS: Final = tuple(SKILL_LEVELS)
SKILLS_ZH: Final = {
    "unskilled": "普工（初中及以下）",
    "skilled": "技工（高中、中职）",
    "professional": "专业人员（大专及以上）",
}
#: Most posts of one phase, 6 % of the city's enterprise employees: as far as stocks are tested to follow posts.
MOST_POSTS: Final = 30_000.0

Posts = Annotated[float, Field(ge=-MOST_POSTS, le=MOST_POSTS)]


def _pair(value: Any) -> Any:
    """One number as an interval of no width; a list as a tuple."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value), float(value))
    return tuple(float(x) if isinstance(x, int) else x for x in value) if isinstance(value, list) else value


class Judged(Reasoned):
    """A share that nobody has published: what the applicant or the assessor takes it to be, and why.

    Attributes
    ----------
    share : (float, float)
        Least and greatest value, every one between equally probable; one number stands for itself.
    """

    share: Annotated[tuple[float, float], BeforeValidator(_pair)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.share
        if not 0.0 <= low <= high <= 1.0:
            raise ValueError("write a share from 0 to 1, or [least, greatest]")
        return self


class Multiplier(Reasoned):
    """Posts in other firms for each additional post of the project, with the source of that number.

    Attributes
    ----------
    posts : (float, float)
        Least and greatest number, every one between equally probable; one number stands for itself.
    source : str
    """

    posts: Annotated[tuple[float, float], BeforeValidator(_pair)]
    source: Text

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.posts
        if not 0.0 <= low <= high <= 5.0:
            raise ValueError("write posts for each post from 0 to 5, or [least, greatest]")
        return self


class Investment(Record):
    """Money put into the project.

    Attributes
    ----------
    amount : float
        Yuan.
    source : str
        Where the figure stands, such as the feasibility study.
    """

    amount: Annotated[float, Field(gt=0.0, le=1e13)]
    source: Text


class Phase(Record):
    """Posts of one kind: the builders, those who run the plant, those whom a closure dismisses.

    Attributes
    ----------
    key : str
    label_zh, label_en : str
    sector : str
        Sector of the posts.
    posts : mapping of month to float
        Posts held from that month on, until the next entry; persons. Negative: posts lost against today.
    skills : mapping of skill to float
        Share of the posts that asks for each skill; they add up to one.
    local_share : Judged
        Share of the posts filled by people who live in the city (本地用工比例).
    contract_share : Judged, optional
        Share with a contract of employment: enterprise employees, who are insured as such; the others are
        flexible workers. Left out in agriculture and in public posts, which are one kind of work.
    wage : float, optional
        Yuan a month.
    """

    key: Name
    label_zh: Text
    label_en: Text
    sector: Sector
    posts: dict[Month, Posts]
    skills: dict[Skill, Annotated[float, Field(ge=0.0, le=1.0)]]
    local_share: Judged
    contract_share: Judged | None = None
    wage: Annotated[float, Field(gt=0.0, le=1e6)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.posts or not any(self.posts.values()):
            raise ValueError("posts: no month has a post")
        if min(self.posts.values()) < 0.0 < max(self.posts.values()):
            raise ValueError("posts: both gained and lost; write two phases")
        if abs(sum(self.skills.values()) - 1.0) > 1e-6:
            raise ValueError(f"skills add up to {sum(self.skills.values()):g}, not to 1")
        if (self.contract_share is None) != (self.sector in ONE_KIND):
            one = self.sector in ONE_KIND
            raise ValueError(f"contract_share is {'left out in' if one else 'needed in'} {self.sector}")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of work of the posts, labour states of the model."""
        return ("enterprise", "flexible") if self.contract_share is not None else (ONE_KIND[self.sector],)

    @property
    def mix(self) -> list[float]:
        """Share of each skill, in the order of `SKILLS`."""
        return [self.skills.get(skill, 0.0) for skill in SKILLS]

    def path(self) -> list[float]:
        """Posts held in each month of the plan, persons."""
        changes = {month_index(month): count for month, count in self.posts.items()}
        held, path = 0.0, []
        for month in range(MONTHS):
            held = changes.get(month, held)
            path.append(held)
        return path


class ProjectSpec(Record):
    """A project, or the closure of one.

    Attributes
    ----------
    name : str
    label_zh, label_en : str
    fictitious : bool
        An example, which every report says (示例).
    investment : Investment, optional
    deadweight : Judged
        Share of the posts that would have come about (or gone) without the project (无谓比例).
    displacement : Judged, optional
        Posts that others lose for each additional post of the project (挤出比例), and gain for each that goes. Left
        out, the model's own ``displacement_posts`` holds for posts gained, and none for posts lost.
    multiplier : Multiplier, optional
        Posts in other firms for each additional one (带动系数); none is assumed.
    phases : tuple of Phase
    note, note_zh : str, optional
    """

    name: Name
    label_zh: Text
    label_en: Text
    fictitious: bool = False
    investment: Investment | None = None
    deadweight: Judged
    displacement: Judged | None = None
    multiplier: Multiplier | None = None
    phases: Annotated[tuple[Phase, ...], FromList, Field(min_length=1, max_length=12)]
    note: Text | None = None
    note_zh: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [phase.key for phase in self.phases]
        if len(set(keys)) < len(keys):
            raise ValueError("two phases have the same key")
        return self

    @property
    def first_month(self) -> int:
        """Position of the first month with a post, from 0."""
        return min(month_index(month) for phase in self.phases for month, count in phase.posts.items() if count)
