"""Sentences of the memo, in Danish and English. When each may be said is decided where it is built, not here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SENTENCE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "word-even": ("omtrent lige så sandsynligt som ikke", "about as likely as not"),
        "word-probable": ("sandsynligt", "likely"),
        "word-very": ("meget sandsynligt", "very likely"),
        "word-certain": ("næsten sikkert", "almost certain"),
        # 1–6: chance
        "memo-word-gain": (
            "Det er {word}, at der er gevinst.",
            "It is {word} that there is a gain.",
        ),
        "memo-word-no-gain": (
            "Det er {word}, at der ikke er gevinst.",
            "It is {word} that there is no gain.",
        ),
        "memo-of-actor": ("{actor}: {words}", "{actor}: {words}"),
        "memo-together": (
            "I {count} af 100 udfald får alle aktører gevinst på én gang.",
            "In {count} of 100 outcomes all actors gain at the same time.",
        ),
        "memo-untouched": ("{actor} berøres ikke.", "{actor} is not touched."),
        # 7–13: size
        "memo-base-band": (
            "SØM-tallet, hvor alt går som angivet, er {base} ({actor}); i 80 af 100 udfald ligger resultatet mellem {p10} og {p90}, og halvdelen ligger over {p50}.",
            "The SØM number, where all goes as stated, is {base} ({actor}); in 80 of 100 outcomes the result lies between {p10} and {p90}, and half of them lie above {p50}.",
        ),
        "memo-both-signs": (
            "Båndet går fra tab til gevinst: fortegnet er ikke afgjort.",
            "The band reaches from loss to gain: the sign is not settled.",
        ),
        "memo-low-gain": (
            "Også i det lave udfald (P10) er der gevinst.",
            "In the low outcome (P10) there is a gain, too.",
        ),
        "memo-high-loss": (
            "Selv i det høje udfald (P90) er der tab.",
            "Even in the high outcome (P90) there is a loss.",
        ),
        "memo-mean-above": (
            "{actor}: gennemsnittet er positivt, men de fleste udfald er tab; få store gevinster trækker op.",
            "{actor}: the mean is positive, but most outcomes are losses; a few large gains pull it up.",
        ),
        "memo-mean-below": (
            "{actor}: gennemsnittet er negativt, men de fleste udfald er gevinst; få store tab trækker ned.",
            "{actor}: the mean is negative, but most outcomes are gains; a few large losses pull it down.",
        ),
        "memo-apart": (
            "{actor}: gennemsnittet afviger {apart} fra SØM-tallet, mest fordi {why}.",
            "{actor}: the mean differs by {apart} from the SØM number, mostly because {why}.",
        ),
        "memo-apart-inputs": (
            "forudsætningernes middelværdi er en anden end den angivne værdi",
            "the inputs have another mean than their stated value",
        ),
        "memo-apart-shape": ("sammenhængen ikke er lineær", "the relation is not linear"),
        # 14–21: break-even
        "memo-zero": (
            "{actor} går i nul ved {zero} succes; der er regnet med {rate}.",
            "{actor} breaks even at {zero} success; the calculation uses {rate}.",
        ),
        "memo-margin": (
            "Marginen er {points} procentpoint: {persons} af {all} deltagere.",
            "The margin is {points} percentage points: {persons} of {all} participants.",
        ),
        "memo-one-fewer": (
            "Én succes færre vender resultatet til tab ({actor}).",
            "One success fewer turns the result into a loss ({actor}).",
        ),
        "memo-zero-margin": (
            "{actor} går i nul ved {zero} succes; der er regnet med {rate}, så marginen er {points} procentpoint: {persons} af {all} deltagere.",
            "{actor} breaks even at {zero} success; the calculation uses {rate}, so the margin is {points} percentage points: {persons} of {all} participants.",
        ),
        "memo-missing": ("Der mangler {points} procentpoint.", "{points} percentage points are missing."),
        "memo-zero-never": (
            "{actor}: selv med succes for alle er der tab.",
            "{actor}: even with success for all there is a loss.",
        ),
        "memo-zero-always": (
            "{actor}: der er gevinst også uden en eneste succes.",
            "{actor}: there is a gain even without a single success.",
        ),
        "memo-zero-below": (
            "{actor}: der er kun gevinst under {zero}: hver succes koster mere, end den giver.",
            "{actor}: there is a gain only below {zero}: each success costs more than it gives.",
        ),
        "memo-zero-band": (
            "Nulpunktet kendes ikke præcist: i 80 af 100 udfald ligger det mellem {low} og {high}.",
            "Where it breaks even is not known exactly: in 80 of 100 outcomes between {low} and {high}.",
        ),
        "memo-zero-outside": (
            "Nulpunktet kendes ikke præcist: det kan ligge uden for 0–100 %.",
            "Where it breaks even is not known exactly: it may lie outside 0–100 %.",
        ),
        # 22–26: who, when
        "memo-parts": (
            "{actor} bærer {costs} af omkostningerne og får {gains} af gevinsterne.",
            "{actor} bears {costs} of the costs and gets {gains} of the gains.",
        ),
        "memo-amounts": (
            "{actor} bærer omkostninger for {costs} og får gevinster for {gains}.",
            "{actor} bears costs of {costs} and gets gains of {gains}.",
        ),
        "memo-payer": ("{payer} betaler mest; {receiver} får mest.", "{payer} pays most; {receiver} gets most."),
        "memo-grant-booked": (
            "{name} er bogført hos giveren: {payer} {payer_net}, {receiver} {receiver_net}.",
            "{name} is booked at its payer: {payer} {payer_net}, {receiver} {receiver_net}.",
        ),
        "memo-grant-not-booked": (
            "{name} er ikke regnet med i tallene. Bogføres det hos giveren, er SØM-tallet {payer_net} ({payer}) og {receiver_net} ({receiver}).",
            "{name} is not part of the figures. Booked at its payer, the SØM number is {payer_net} ({payer}) and {receiver_net} ({receiver}).",
        ),
        "memo-payback": (
            "{actor}: i det midterste udfald er pengene tjent hjem i {year}; i {missing} af 100 sker det ikke inden udgangen af {last}.",
            "{actor}: in the middle outcome the money is earned back in {year}; in {missing} of 100 this does not happen by the end of {last}.",
        ),
        "memo-payback-not": (
            "{actor}: i {missing} af 100 udfald er pengene ikke tjent hjem inden udgangen af {last}.",
            "{actor}: in {missing} of 100 outcomes the money is not earned back by the end of {last}.",
        ),
        # 27–30: over- and underestimation
        "memo-promise": (
            "{actor}: det lovede tal på {promised} nås i {count} af 100 udfald.",
            "{actor}: the promised figure of {promised} is reached in {count} of 100 outcomes.",
        ),
        "memo-shortfall": (
            "Når det ikke nås, mangler der i gennemsnit {missing}.",
            "Where it is not reached, {missing} is missing on average.",
        ),
        "memo-promise-high": (
            "Det lovede er snarere for højt end for lavt.",
            "What was promised is too high rather than too low.",
        ),
        "memo-promise-low": (
            "Det lovede er snarere for lavt end for højt.",
            "What was promised is too low rather than too high.",
        ),
        "memo-worst": (
            "{actor}: de 10 dårligste af 100 udfald giver i gennemsnit {value}.",
            "{actor}: the 10 least favourable of 100 outcomes give {value} on average.",
        ),
        # 31–35: knowledge, chance, drivers
        "memo-chance-share": (
            "{actor}: {ignorance} af variansen er manglende viden, {chance} tilfældigheder med få deltagere; kun det første kan undersøges.",
            "{actor}: {ignorance} of the variance is lack of knowledge, {chance} is chance with few participants; only the first can be examined.",
        ),
        "memo-largest": (
            "{actor}: mest usikkerhed kommer fra »{first}«, {share} af variansen af det, der kan undersøges.",
            "{actor}: most of the uncertainty comes from “{first}”, {share} of the variance of what can be examined.",
        ),
        "memo-unranked": (
            "{actor}: »{first}« og »{second}« kan ikke rangordnes.",
            "{actor}: “{first}” and “{second}” cannot be ranked.",
        ),
        "memo-cells": (
            "»{known}« betyder meget, men er godt belyst; »{little}« er usikker, men betyder lidt.",
            "“{known}” matters much but is well known; “{little}” is uncertain but matters little.",
        ),
        "memo-certain": (
            "{count} forudsætninger er regnet som kendte; er de ikke det, er båndet for smalt.",
            "{count} inputs count as known; if they are not, the band is too narrow.",
        ),
        "memo-certain-one": (
            "Én forudsætning er regnet som kendt; er den ikke det, er båndet for smalt.",
            "One input counts as known; if it is not, the band is too narrow.",
        ),
        # 36–38: find out
        "memo-worth": (
            "{actor}: fuld viden om »{name}« er højst {value} værd for beslutningen.",
            "{actor}: full knowledge of “{name}” is worth at most {value} for the decision.",
        ),
        "memo-follow": (
            "Følges {number} deltagere mere (»{name}«), ventes det at forbedre beslutningen med {value} kr., før udgiften på det.",
            "Following {number} more participants (“{name}”) is expected to improve the decision by DKK {value}, before its cost.",
        ),
        "memo-no-worth": (
            "{actor}: ingen enkelt oplysning ventes at ændre beslutningen.",
            "{actor}: no single piece of information is expected to change the decision.",
        ),
        # 39–47: caveats
        "memo-calibrated": (
            "Tallene for {areas} er helt eller delvis tilpasset et offentliggjort resultat, ikke målt.",
            "The figures for {areas} are wholly or partly fitted to a published result, not measured.",
        ),
        "memo-own-line": (
            "Uden linjen »{names}« er SØM-tallet {net} ({actor}).",
            "Without the line “{names}” the SØM number is {net} ({actor}).",
        ),
        "memo-turns": (
            "{actor}: fortegnet hviler på linjer, der ikke er målt. SØM-tallet er {parts}.",
            "{actor}: the sign rests on lines that are not measured. The SØM number is {parts}.",
        ),
        "memo-turns-user_defined": (
            "{net} uden den brugerdefinerede linje »{names}«",
            "{net} without the user-defined line “{names}”",
        ),
        "memo-turns-calibrated": (
            "{net} uden de {count} linjer, der er tilpasset et offentliggjort resultat",
            "{net} without the {count} lines that are fitted to a published result",
        ),
        "memo-and": ("{first} og {last}", "{first}, and {last}"),
        "memo-registers": (
            "Konsekvenserne er sammenhænge i registre, ikke påviste virkninger.",
            "The consequences are associations in registers, not demonstrated effects.",
        ),
        "memo-correlated": (
            "Fejler alle konsekvenser i samme retning, er båndet {p10} til {p90}, og {count} af 100 udfald er gevinst ({actor}).",
            "If all consequences err in the same direction, the band is {p10} to {p90}, and {count} of 100 outcomes are a gain ({actor}).",
        ),
        "memo-corrected": (
            "Kun signifikante konsekvenser er med, så tallene er snarere for store. Er hver konsekvens kun lige signifikant, er båndet {p10} til {p90}, og {count} af 100 udfald er gevinst ({actor}).",
            "Only significant consequences are included, so the figures are too large rather than too small. If each is only just significant, the band is {p10} to {p90}, and {count} of 100 outcomes are a gain ({actor}).",
        ),
        "memo-listed": (
            "Gennemsnittet ligger da mellem {just_significant} (rettet) og {as_listed} (som listet) ({actor}).",
            "The mean then lies between {just_significant} (corrected) and {as_listed} (as listed) ({actor}).",
        ),
        "memo-one-success": (
            "Med {persons} deltagere flytter én succes resultatet {value} ({actor}).",
            "With {persons} participants one success moves the result by {value} ({actor}).",
        ),
        "memo-average-prices": (
            "Gevinst er undgåede udgifter til gennemsnitspriser; den bliver til penge, når budget eller kapacitet tilpasses.",
            "A gain is spending avoided at average prices; it becomes money when budgets or capacity are adjusted.",
        ),
        "memo-not-in-kroner": (
            "Livskvalitet og andet uden pris indgår ikke; beregningen kan ikke stå alene.",
            "Quality of life and other things without a price are not included; the calculation cannot stand alone.",
        ),
        "memo-net-rate": (
            "Succesraten er fratrukket dem, der var lykkedes alligevel; det fradrag {how}.",
            "The success rate leaves out those who would have succeeded anyway; that deduction {how}.",
        ),
        "memo-net-assumed": ("er antaget", "is assumed"),
        "memo-net-stated": ("hviler på den kilde, der er angivet for det", "rests on the source that is stated for it"),
    }
)
