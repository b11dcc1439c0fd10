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
            "Gevinst for {names} på én gang: i {count} af 100 udfald.",
            "A gain for {names} at the same time: in {count} of 100 outcomes.",
        ),
        "memo-untouched": (
            "{actor}: berøres ikke.",
            "{actor}: not touched.",
        ),
        # 7–13: size
        "memo-base-band": (
            "SØM-tallet, hvor alt går som angivet, er {base} ({actor}); i 80 af 100 udfald ligger resultatet mellem {p10} og {p90}, og halvdelen ligger over {p50}.",
            "The SØM number, where all goes as stated, is {base} ({actor}); in 80 of 100 outcomes the result lies between {p10} and {p90}, and half of them lie above {p50}.",
        ),
        "memo-base-alone": (
            "SØM-tallet, hvor alt går som angivet, er {base} ({actor}); intet usikkert rører det.",
            "The SØM number, where all goes as stated, is {base} ({actor}); nothing uncertain touches it.",
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
            "{actor}: som angivet er gennemsnittet positivt, men de fleste udfald er tab; få store gevinster trækker op.",
            "{actor}: as stated the mean is positive, but most outcomes are losses; a few large gains pull it up.",
        ),
        "memo-mean-below": (
            "{actor}: som angivet er gennemsnittet negativt, men de fleste udfald er gevinst; få store tab trækker ned.",
            "{actor}: as stated the mean is negative, but most outcomes are gains; a few large losses pull it down.",
        ),
        "memo-apart-above": (
            "{actor}: gennemsnittet ligger {apart} over SØM-tallet, mest fordi {why}.",
            "{actor}: the mean lies {apart} above the SØM number, mostly because {why}.",
        ),
        "memo-apart-below": (
            "{actor}: gennemsnittet ligger {apart} under SØM-tallet, mest fordi {why}.",
            "{actor}: the mean lies {apart} below the SØM number, mostly because {why}.",
        ),
        "memo-apart-inputs": (
            "forudsætningernes middelværdi er en anden end den angivne værdi",
            "the inputs have another mean than their stated value",
        ),
        "memo-apart-shape": ("sammenhængen ikke er lineær", "the relation is not linear"),
        # 14–21: break-even
        "above-all": ("over 100\u00a0%", "above 100\u00a0%"),
        "below-one": ("under 1\u00a0%", "below 1\u00a0%"),
        "memo-zero": (
            "{actor}: nulpunktet er {zero} succes; der er regnet med {rate}.",
            "{actor}: the break-even is {zero} success; the calculation uses {rate}.",
        ),
        "memo-margin": (
            "Marginen er {points} procentpoint: {persons} af {all} deltagere.",
            "The margin is {points} percentage points: {persons} of {all} participants.",
        ),
        "memo-one-fewer": (
            "Lykkes det for én deltager færre, er SØM-tallet negativt.",
            "If one participant fewer succeeds, the SØM number is negative.",
        ),
        "memo-zero-margin": (
            "{actor}: nulpunktet er {zero} succes, og der er regnet med {rate}; marginen er {points} procentpoint, {persons} af {all} deltagere.",
            "{actor}: the break-even is {zero} success, and the calculation uses {rate}; the margin is {points} percentage points, {persons} of {all} participants.",
        ),
        "memo-missing": (
            "Succesraten skal være {points} procentpoint højere, for at resultatet når nul.",
            "The success rate must be {points} percentage points higher for the result to reach zero.",
        ),
        "memo-zero-never": (
            "{actor}: selv med succes for alle er SØM-tallet negativt; i {count} af 100 udfald er succes for alle ikke nok.",
            "{actor}: even with success for all the SØM number is negative; in {count} of 100 outcomes success for all is not enough.",
        ),
        "memo-zero-always": (
            "{actor}: SØM-tallet er positivt også uden en eneste succes.",
            "{actor}: the SØM number is positive even without a single success.",
        ),
        "memo-zero-free": (
            "{actor}: betaler intet; uden succeser er resultatet nul.",
            "{actor}: pays nothing; without successes the result is zero.",
        ),
        "memo-zero-burden": (
            "{actor}: betaler intet, men hver succes koster mere, end den giver.",
            "{actor}: pays nothing, but each success costs more than it gives.",
        ),
        "memo-zero-below": (
            "{actor}: SØM-tallet er kun positivt under {zero} succes: hver succes koster mere, end den giver.",
            "{actor}: the SØM number is positive only below {zero} success: each success costs more than it gives.",
        ),
        "memo-zero-band": (
            "Nulpunktet kendes ikke præcist: i 80 af 100 udfald ligger det mellem {low} og {high}.",
            "The break-even is not known exactly: in 80 of 100 outcomes it lies between {low} and {high}.",
        ),
        "memo-not-enough": (
            "I {count} af 100 udfald er selv succes for alle ikke nok.",
            "In {count} of 100 outcomes even success for all is not enough.",
        ),
        "memo-zero-half": (
            "Nulpunktet på {zero} gælder, når alt andet går som angivet. Er alt andet usikkert, skal succesraten være {half}, før 50 af 100 udfald er gevinst.",
            "The break-even of {zero} holds where all else goes as stated. With all else uncertain, the success rate must be {half} before 50 of 100 outcomes are a gain.",
        ),
        "memo-curve": (
            "Kurven har succesraten som kendt: ved {rate} er der gevinst i {at} af 100 udfald ({actor}). Forsidens {count} af 100 regner også succesraten som usikker.",
            "The curve takes the success rate as known: at {rate} there is a gain in {at} of 100 outcomes ({actor}). The {count} of 100 on the first page counts the success rate as uncertain, too.",
        ),
        # 22–26: who, when
        "memo-parts": (
            "{actor}: {costs} af omkostningerne og {gains} af gevinsterne.",
            "{actor}: {costs} of the costs and {gains} of the gains.",
        ),
        "memo-amounts": (
            "{actor}: omkostninger på {costs} og gevinster på {gains}.",
            "{actor}: costs of {costs} and gains of {gains}.",
        ),
        "memo-grant-booked": (
            "{name} er bogført hos giveren: {payer} {payer_net}, {receiver} {receiver_net}.",
            "{name} is booked at its payer: {payer} {payer_net}, {receiver} {receiver_net}.",
        ),
        "memo-grant-not-booked": (
            "{name} er ikke trukket fra i tallene. Bogføres det hos giveren, er SØM-tallet {payer_net} ({payer}) og {receiver_net} ({receiver}).",
            "{name} is not deducted in the figures. Booked at its payer, the SØM number is {payer_net} ({payer}) and {receiver_net} ({receiver}).",
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
            "De 10 dårligste af 100 udfald giver i gennemsnit {value}.",
            "The 10 least favourable of 100 outcomes give {value} on average.",
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
            "{actor}: fuld viden om »{name}« er højst {value} værd for beslutningen{besides}.",
            "{actor}: full knowledge of “{name}” is worth at most {value} for the decision{besides}.",
        ),
        "memo-worth-little": (
            "{actor}: fuld viden om »{name}« er højst {value} værd for beslutningen, under 1 % af resultatet{besides}.",
            "{actor}: full knowledge of “{name}” is worth at most {value} for the decision, under 1 % of the result{besides}.",
        ),
        "memo-fitted-apart": (" (tilpassede linjer ikke medregnet)", " (fitted lines left out)"),
        "memo-follow": (
            "Følges {number} deltagere mere (»{name}«), ventes det at forbedre beslutningen med {value}, før udgiften på det.",
            "Following {number} more participants (“{name}”) is expected to improve the decision by {value}, before its cost.",
        ),
        "memo-no-worth-apart": (
            "{actor}: uden for de tilpassede linjer ventes ingen enkelt oplysning at ændre beslutningen.",
            "{actor}: apart from the fitted lines, no single piece of information is expected to change the decision.",
        ),
        "memo-no-worth": (
            "{actor}: ingen enkelt oplysning ventes at ændre beslutningen.",
            "{actor}: no single piece of information is expected to change the decision.",
        ),
        # 39–47: caveats
        "memo-calibrated": (
            "Tallene for {areas} er helt eller delvis tilpasset et offentliggjort resultat (se kilderne), som kan være en anden indsats'; de er ikke målt.",
            "The figures for {areas} are wholly or partly fitted to a published result (see the sources), which may be that of another intervention; they are not measured.",
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
        "memo-quoted": ("»{name}«", "“{name}”"),
        "memo-registers": (
            "Konsekvenserne bygger på registre, andre forsøg og skøn; ingen er påvist for netop denne indsats.",
            "The consequences rest on registers, other trials and judgement; none is demonstrated for this very intervention.",
        ),
        "memo-correlated": (
            "Fejler alle konsekvenser i samme retning, er båndet {p10} til {p90}, og {count} af 100 udfald er gevinst ({actor}).",
            "If all consequences err in the same direction, the band is {p10} to {p90}, and {count} of 100 outcomes are a gain ({actor}).",
        ),
        "memo-corrected": (
            "Er konsekvenserne med, fordi de var signifikante, er de snarere for store. Er hver kun lige signifikant, er båndet {p10} til {p90}, og {count} af 100 udfald er gevinst ({actor}).",
            "If consequences are included because they were significant, they are too large rather than too small. If each is only just significant, the band is {p10} to {p90}, and {count} of 100 outcomes are a gain ({actor}).",
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
        "memo-net-only": (
            "Succesraten er læst som netto; hvor mange der var lykkedes alligevel, er ikke oplyst.",
            "The success rate is read as net; how many would have succeeded anyway is not stated.",
        ),
        "memo-net-gross": ("Er den brutto, er resultatet ringere.", "If it is gross, the result is worse."),
        "memo-net-assumed": ("er antaget", "is assumed"),
        "memo-net-stated": ("hviler på den kilde, der er angivet for det", "rests on the source that is stated for it"),
    }
)
