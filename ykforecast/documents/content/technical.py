"""附件 技术说明: how the forecast is made, how far it can be trusted, and how to make it again."""

from __future__ import annotations

from ykforecast.assess.stored_scores import EARLIER
from ykforecast.documents.blocks import Block, Column, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.model_words import GRADES

#: Grade -> what it means, behind its name.
_MEANINGS = {
    "observed": ("本市公布数", "published of the city"),
    "derived": ("由公布数算出", "computed from published figures"),
    "borrowed": ("外地研究或数据", "found at other places"),
    "assumed": ("自定，附理由", "chosen, with a reason"),
}
#: Forecasters of the back-test -> how a report calls them.
_FORECASTERS = {
    "model": ("本模型", "the model"),
    "last_value": ("末年不变", "last value carried forward"),
    "drift": ("平均变动外推", "average drift"),
}


def technical(draft: Draft) -> Section:
    """The annex."""
    sections = (
        Section(
            "technical_model",
            draft.pick("模型结构与数据校正", "Model and data assimilation"),
            (*_model(draft), *_checks(draft)),
        ),
        Section("technical_words", draft.pick("不确定性与概率用语", "Uncertainty and likelihood words"), _words(draft)),
        Section("technical_scores", draft.pick("回测与基准比较", "Back-tests"), _scores(draft)),
        Section(
            "technical_limits",
            draft.pick("局限与未量化的不确定性", "Limits and unquantified uncertainty"),
            _limits(draft),
        ),
        Section("technical_quality", draft.pick("质量保证与签署", "Quality assurance"), _quality(draft)),
        Section("technical_again", draft.pick("复现说明", "Reproducibility"), _again(draft)),
    )
    return Section(
        "technical", draft.pick("附件　技术说明", "Annex: technical notes"), sections=sections, numbered=False
    )


def _model(draft: Draft) -> tuple[Block, ...]:
    rows: list[tuple[Span, ...]] = [
        (
            draft.pick(f"{GRADES[grade]}（{zh}）", f"{grade} ({en})"),
            draft.results.count("facts", "grade_count", grade=grade),
        )
        for grade, (zh, en) in _MEANINGS.items()
    ]
    return (
        draft.say(
            "模型以2020年末公布数为起点，按性别、年龄、城乡把常住人口分组，逐月推算在学、就业、失业、退休、参保等状态之"
            "间的流动，年底"
            "汇总为各项指标；规划的{levers}类政策措施以措施力度进入。参数不确定和年度波动用随机抽样表示，共{draws}次。"
            "评估时点前公布"
            "的数据用集合平滑方法同化，统计口径变动单独识别，不当作行为变化。",
            "The model starts from the figures of 2020, groups residents by sex, age and urban or rural residence, "
            "and moves them month by month between education, employment, unemployment, retirement and insurance; "
            "indicators are read at year ends. {levers} kinds of policy measures enter as doses. Uncertain "
            "parameters and annual shocks are drawn at random, {draws} times. Figures published by the evaluation "
            "date are assimilated with an ensemble smoother; changes of definition are identified separately from "
            "changes of behaviour.",
            levers=draft.results.count("facts", "levers"),
            draws=draft.results.count("facts", "draws"),
        ),
        Table(
            "grades",
            draft.pick("模型参数的依据", "Evidence behind the parameters"),
            (Column(draft.pick("依据", "grade"), "left", 3.0), Column(draft.pick("参数数", "parameters"), "right")),
            tuple(rows),
            unit=draft.pick("单位：个", ""),
            row_keys=tuple(_MEANINGS),
        ),
    )


def _checks(draft: Draft) -> tuple[Block, ...]:
    """Every published figure against the forecast, in the words of the check."""
    if "evidence" not in draft.results:
        return ()
    head = draft.say(
        "评估时点前公布数与模型的逐项比对：",
        "Figures published by the evaluation date, compared with the forecast one by one:",
    )
    numbers = draft.results.group("evidence")["finding"].values.tolist()
    texts = [draft.results.text("evidence", f"text_{draft.lang}", finding=number) for number in numbers]
    return (head, *(draft.say("{text}", "{text}", "note", text=text) for text in texts))


def _words(draft: Draft) -> tuple[Block, ...]:
    return (
        draft.say(
            "完成目标的概率是抽样中达到目标的比例，不作为确定的结论；中位数表示高于和低于它的可能性各半，80%区间表示约有八成"
            "可能落在其中。概率"
            "连同用语一并给出，用语不单独使用。",
            "The probability of attainment is the share of draws that meet the target and is never printed as "
            "certain. The median has even odds above and below; the 80 % interval contains the outcome in about "
            "eight cases out of ten. Likelihood words always stand beside the number, never alone.",
        ),
    )


def _scores(draft: Draft) -> tuple[Block, ...]:
    if "scores" not in draft.results:
        return (draft.say("本次运行未附回测结果。", "No back-test is attached to this run."),)
    found = draft.results.group("scores")
    rows: list[tuple[Span, ...]] = []
    for test in found["backtest"].values.tolist():
        for name, (zh, en) in _FORECASTERS.items():
            at = {"backtest": test, "forecaster": name}
            if name not in found["forecaster"] or bool(found["absolute_error"].sel(at).isnull()):
                continue
            rows.append(
                (
                    draft.results.text("scores", f"backtest_{draft.lang}", backtest=test),
                    draft.pick(zh, en),
                    draft.results.count("scores", "cases", **at),
                    draft.results.number("scores", "absolute_error", unit="%", decimals=1, **at),
                    draft.results.number("scores", "crps", unit="%", decimals=1, **at),
                    draft.results.number("scores", "coverage", unit="%", decimals=0, **at),
                )
            )
    said = draft.say(
        "以历史年份为起点重做预测，与当时之后的公布数比较，并与简单外推比较；各项误差按相对比例计，越小越好，区间覆盖率"
        "越接近名义水平越好。",
        "Forecasts are remade from past years and compared with figures published later and with naive benchmarks; "
        "errors are relative, smaller is better, and coverage is best near its nominal level.",
    )
    earlier = draft.say(
        "模型文件在回测之后有改动，下列得分属于此前的版本。",
        "The model's files have changed since these back-tests: the scores are those of an earlier version.",
    )
    return (
        said,
        *((earlier,) if found.attrs["model"] == EARLIER else ()),
        Table(
            "scores",
            draft.pick("回测得分", "Back-test scores"),
            (
                Column(draft.pick("起点", "start"), "left", 1.4),
                Column(draft.pick("方法", "method"), "left", 1.6),
                Column(draft.pick("案例数", "cases"), "right", 0.8),
                Column(draft.pick("平均绝对误差%", "mean absolute error %"), "right", 1.1),
                Column(draft.pick("概率评分（CRPS）%", "CRPS %"), "right", 1.2),
                Column(draft.pick("80%区间覆盖率%", "coverage of the 80 % interval, %"), "right", 1.2),
            ),
            tuple(rows),
        ),
    )


def _limits(draft: Draft) -> tuple[Block, ...]:
    head = draft.say(
        "下列不确定性没有计入区间，阅读预测时须一并考虑：",
        "The following uncertainties are not in the intervals and should be kept in mind:",
    )
    return (
        head,
        draft.say(
            "措施效果多为假定或借自外地，没有本市的对照评估。",
            "Most effects of measures are assumed or borrowed; there is no controlled evaluation in the city.",
            "item",
        ),
        draft.say(
            "模型结构本身可能有误，不同结构之间的差别没有计入区间。",
            "The model structure may be wrong; differences between structures are not in the intervals.",
            "item",
        ),
        _future_steps(draft),
        draft.say(
            "没有计入重大突发事件和尚未出台的政策。",
            "Major unforeseen events and policies not yet announced are not included.",
            "item",
        ),
    )


def _future_steps(draft: Draft) -> Block:
    """Definition steps still to come, with the indicator whose probability they would change most."""
    zh = "统计口径可能在评估时点之后变动，预测与概率没有计入"
    en = "Definitions may change after the evaluation date; the forecast leaves such steps out"
    card, variable = draft.dossier.card, "future_steps_probability"
    if variable not in card:
        return draft.say(f"{zh}。", f"{en}.", "item")
    change = abs(card[variable] - card["probability"]).sel(scenario=draft.main)
    most = str(change.idxmax("indicator").item())
    return draft.say(
        f"{zh}；按以往口径变动的频度计入，变化最大的是{{name}}，完成概率由{{before}}%变为{{after}}%。",
        f"{en}. With steps as frequent as before, the probability of {{name}} would change most, from {{before}} % to "
        "{after} %.",
        "item",
        name=draft.name(most),
        before=draft.probability(most),
        after=draft.results.share("scorecard", variable, scenario=draft.main, indicator=most),
    )


def _quality(draft: Draft) -> tuple[Block, ...]:
    tasks = (
        ("数据与口径核对", "figures and definitions checked"),
        ("模型与假定审核", "model and assumptions reviewed"),
        ("结果与文字审核", "results and text reviewed"),
    )
    who = draft.pick("审核人", "reviewer")
    rows = tuple((draft.pick(zh, en), draft.missing(who), NOTHING) for zh, en in tasks)
    said = draft.say(
        "本稿每个数字都与结果文件中的一个单元绑定，可逐一核对。审核情况如下，由审核人签署。",
        "Every figure in this draft is bound to a cell of the results file and can be looked up. Reviewers sign below.",
    )
    table = Table(
        "quality",
        draft.pick("质量保证记录", "Quality assurance record"),
        (
            Column(draft.pick("事项", "item"), "left", 2.0),
            Column(draft.pick("审核人", "reviewer"), "left", 2.0),
            Column(draft.pick("日期", "date"), "left", 1.0),
        ),
        rows,
    )
    return (said, table)


def _again(draft: Draft) -> tuple[Block, ...]:
    return (
        draft.say(
            "随本稿的清单文件记录模型摘要码（{digest}）、情景、抽样数、随机种子、输入数据和软件版本；以同一清单重算，结"
            "果逐字节一致。",
            "The manifest beside this draft records the digest of the model ({digest}), scenarios, draws, random "
            "seed, input data and software versions; recomputing from it gives the same results byte for byte.",
            digest=draft.results.text("facts", "digest"),
        ),
    )
