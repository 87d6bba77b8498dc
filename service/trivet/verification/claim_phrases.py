"""The phrases that suppliers use of their training, and what each is worth (R2, R3, R8, R12, R19, R24).

Pure data. A pattern is looked for in the line of a sentence (see `claim_words`): plain words with one space between
them. Every repetition in a pattern is bounded, so that no text can make the search slow.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from trivet.verification.reasons import REASONS


class Worth(NamedTuple):
    """What a phrase is worth: `code` is stable, `rule` is the domain's, `next_step` a code of `next_steps.STEPS`."""

    code: str
    rule: str
    text: str
    source: str
    next_step: str


class Phrasing(NamedTuple):
    """A way to word a claim; `in_context` where it only counts in a sentence that speaks of certification."""

    code: str
    pattern: re.Pattern[str]
    in_context: bool


CLAIMED, DENIED = "certification_claimed", "certification_denied"

_ALIGNED = "aligned_is_not_certification"
_MEMBER = "membership_is_not_certification"
_LEGACY = "legacy_scheme_is_not_certification"
_TRAIN_THE_TRAINER = "train_the_trainer_is_not_certification"
_APPLICATION = "application_is_not_certification"
_BILD_MEMBER = "bild_membership_is_not_certification"
_OTHER_SCHEME = "other_scheme_is_not_certification"
_ENDORSED = "endorsement_is_not_given"
_UKAS = "ukas_accredits_bodies_not_training"
_LESS_RESTRICTIVE = "no_technique_is_less_restrictive"

_RRN_QA = REASONS[_ALIGNED].source
_READING_OF_RRN_QA = f"trivet's reading of {_RRN_QA}"

_OF_REASONS = (_ALIGNED, _MEMBER, _LEGACY, _TRAIN_THE_TRAINER, _APPLICATION)
_OF_CLAIMS = (
    Worth(
        code=CLAIMED,
        rule="R1",
        text="This claims certification, or a part in someone else's. In a supplier's own words it is "
        "worth nothing until it is verified: ask for the certificate number, the approved programme "
        "and the authorised trainer, and verify all three with the provider.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code=DENIED,
        rule="R2",
        text="By its own words the supplier has no certification here, or has it no longer. Words "
        "settle nothing either way: only a certification in force on the date of the training counts.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_in_force",
    ),
    Worth(
        code=_BILD_MEMBER,
        rule="R2",
        text="Training is certified or it is not. To be a member of Bild or of Bild ACT does not "
        "show that any training is certified.",
        source=_READING_OF_RRN_QA,
        next_step="do_not_rely_on_membership",
    ),
    Worth(
        code=_OTHER_SCHEME,
        rule="R2",
        text="This speaks of another scheme. Whatever it is worth there, it does not show "
        "certification against the RRN Training Standards.",
        source=_READING_OF_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code=_ENDORSED,
        rule="R24",
        text="The Restraint Reduction Network endorses no provider, company, person or product, and "
        "assures nobody's quality. It licenses certification bodies, and only these certify.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code=_UKAS,
        rule="R14",
        text="UKAS accredits certification bodies, not training. That a body is accredited does not "
        "show that it has certified this training.",
        source=REASONS["body_not_accredited"].source,
        next_step="ask_provider_which_body",
    ),
    Worth(
        code=_LESS_RESTRICTIVE,
        rule="R24",
        text="The Restraint Reduction Network does not recognise any practice or technique as less "
        "restrictive than another. The wording shows nothing about certification.",
        source=_RRN_QA,
        next_step="ask_provider_which_programme",
    ),
)


def _of_reason(code: str) -> Worth:
    reason = REASONS[code]
    return Worth(code, reason.rule, reason.text, reason.source, reason.next_step)


WORTHS: Mapping[str, Worth] = MappingProxyType(
    {worth.code: worth for worth in (*map(_of_reason, _OF_REASONS), *_OF_CLAIMS)}
)
"""What every phrase is worth, by its code. None is worth a certification."""

# ---- the words that phrases are made of

# Words of no weight between two that count; one of these ends the stretch, for another phrase begins there.
_STOP = (
    r"(?:but|not?|never|isnt|arent|dont|doesnt|havent|hasnt|however|because|certif\w*|accredited|approved|align\w*|meets?|meeting|"
    r"follow\w*|compl[iy]\w*|adher\w*|members?|membership|pitas|lost|lapsed|"
    r"expired|suspended|withdrawn|withdrew|revoked|refused)"
)


def _few(most: int) -> str:
    """Return a pattern for up to so many words of no weight, each with the space after it."""
    return rf"(?:(?!{_STOP} )\w++ (?:, )?){{0,{most}}}?"


_RRN_NAME = r"(?:rrns?|r r n|restraints? reductions? networks?)"
_RRN = rf"(?:{_RRN_NAME}(?: {_RRN_NAME})?)"
_ACT = r"(?:act|association (?:of|for) certified training)"
_BILD_NAME = r"(?:bilds?|b i l d|british institute (?:of|for) learning disabilit(?:y|ies))"
_BILD_ACT = rf"(?:(?:{_BILD_NAME} (?:and )?{_ACT}|bildact)(?: (?:{_BILD_NAME} )?{_ACT}| bildact)?)"
_BILD_ALONE = rf"(?:{_BILD_NAME}(?: {_BILD_NAME})?(?! (?:and )?{_ACT}(?!\S)))"
_BILD = rf"(?:{_BILD_ACT}|{_BILD_ALONE})"
_STANDARDS = (
    r"(?: (?:national|training|ethical|standards?|guidance|guidelines?|principles|frameworks?|"
    r"requirements|criteria|values|ethos|model|approach|best|practice|curriculum)){0,5}+"
)
_RRN_STANDARDS = rf"(?:the )?(?:{_RRN}{_STANDARDS})"
_THE_STANDARDS = (
    r"the (?:national |new |ethical )?(?:training )?standards"
    r"(?! (?:of|for|set|required|expected|that|in|you|we)(?!\S))"
)
_STANDARDS_OF_RRN = (
    rf"(?:the )?(?:training )?(?:standards|guidance|principles)"
    rf" (?:of|set by|set out by|from|by) (?:the )?{_RRN}"
)
_OF_ANOTHER_PHRASE = (
    r"(?! (?:certified|certificated|accredited|approved|authorised|licensed|registered|affiliat\w*|"
    r"members?|membership)(?!\S))"
)
_TARGET = (
    rf"(?:{_STANDARDS_OF_RRN}|{_THE_STANDARDS}|(?:the )?(?:{_RRN}|{_BILD}){_STANDARDS}"
    rf"(?: certification(?: standards| requirements| criteria| scheme| process)?)?+{_OF_ANOTHER_PHRASE})"
)
_AGENT = (
    rf"(?:{_BILD}|{_RRN}{_STANDARDS}|{_THE_STANDARDS}|(?:ukas )?(?:accredited )?certification bod(?:y|ies)|"
    rf"ukas(?: accredited)?(?: certification)?(?: body)?)"
)
_AND = r"(?:and|or|nor|,)"
_CERTIFYING = rf"(?:{_AGENT} (?:{_AND} (?:the )?{_AGENT} )?(?:fully |formally )?)"
_UNDER = (
    r"(?:by|with|through|under|via|from|against|to|as|for|in (?:accordance|line|compliance) with)"
)
_MEETING = (
    r"(?:(?:as )?(?:meeting|complying with|compliant with|conforming to|in compliance with) )?"
)
_BY_BODY = rf"(?: (?:and )?{_UNDER} {_MEETING}{_few(5)}{_AGENT})"
_WHO = (
    r"(?:training|trainings|trainers?|instructors?|providers?|programmes?|programs?|courses?|curriculum|"
    r"curricula|organisations?|organizations?|service|services|supplier|company|centre|affiliates?|status)"
)
_CERTIFIED = r"(?:certified|certificated)(?! (?:copy|copies|accountants?)(?!\S))"
_CERTIFICATION = r"(?:certifications?|certificates?)"
# Claims that name the body, the RRN or the Standards; "accredited by Bild" alone is the earlier scheme.
_CERTIFIED_NAMED = rf"(?:{_CERTIFYING}?{_CERTIFIED}(?: {_WHO}){{0,3}}+{_BY_BODY}{{0,2}}+)"
_CERTIFICATION_NAMED = rf"(?:{_CERTIFYING}{_CERTIFICATION}(?: status)?{_BY_BODY}{{0,2}}+)"
_CERTIFICATION_BY = rf"(?:{_CERTIFICATION}{_BY_BODY}{{1,2}}+)"
_ANY_CLAIM = rf"(?:{_CERTIFICATION_NAMED}|{_CERTIFICATION_BY}|{_CERTIFIED_NAMED})"
_GIVEN = (
    r"(?:approved|authorised|authorized|registered|recognised|recognized|licensed|licenced|endorsed|"
    r"validated|verified|assured|audited|listed|supported|backed|recommended|sanctioned)"
)
_GIFT = (
    r"(?:approval|endorsement|recognition|licence|license|recommendation|validation|registration|"
    r"authorisation|authorization)"
)
_TRAINERS = r"(?:trainers?|instructors?|tutors?|facilitators?)"
_PROMISING = rf"(?:certified|accredited|approved|licensed|{_BILD}|{_RRN})"
_BEEN = r"(?:were|was|are|is|have|has|had|been|being|all|also|both|fully|originally|who|that|themselves)"

_ALIGNING = (
    r"(?:(?:align(?:ed|s|ing|ment)?|compl(?:y|ies|ied|ying)|complian(?:t|ce)|conform(?:s|ed|ing|ant|ance|ity)?|"
    r"adher(?:e|es|ed|ing|ence|ent)|map(?:s|ped|ping)?|consisten(?:t|cy)|congruent|benchmarked|equivalent|"
    r"comparable|faithful|commit(?:s|ted|ment)?|sign(?:ed|s)? up|subscribe[sd]?|accords?)"
    r"(?: (?:fully|closely|strictly|directly|completely|entirely))? (?:to|with|against)|"
    r"(?:based|built|modelled|founded|grounded|rooted|centred|designed|written|developed|structured|created|"
    r"tailored|delivered|taught|trained|training|working|works?)(?: (?:closely|directly|up))? "
    r"(?:to|on|upon|around|against)|"
    r"(?:underpinned|informed|guided|inspired|shaped|led|driven) (?:by|from))"
)
_MEETING_THEM = (
    r"(?:meets?|meeting|met|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|follow(?:s|ed|ing)?|"
    r"satisf(?:y|ies|ied|ying)|reflect(?:s|ed|ing)?|uphold(?:s|ing)?|upheld|observ(?:e|es|ing)|"
    r"implement(?:s|ed|ing)?|embed(?:s|ded|ding)?|incorporat(?:e|es|ed|ing)|embrac(?:e|es|ed|ing)|"
    r"adopt(?:s|ed|ing)?|fulfil(?:s|led|ling)?|match(?:es|ed|ing)?|us(?:e|es|ing)|respect(?:s|ing)?|"
    r"in (?:line|accordance|keeping|compliance|conformity|conformance|harmony|alignment|agreement|step) with|"
    r"in the spirit of|according to|as per|per)"
)
_ALIGNED_AFTER = (
    r"(?:fully |100 )?(?:align(?:ed|ment)|complian(?:t|ce)|conform(?:ant|ance|ity)|complying|consistent|"
    r"informed|based|equivalent|friendly|ready|mapped|adherent|adherence|inspired|led|style|level)"
)
_SETTLED = r"(?:(?:is|are|be|being|fully|all) ){0,3}"
_MEMBERS = r"(?:members?|membership)"
_STARTED = (
    r"(?:in (?:the |our )?(?:\w++ )?(?:process|stages?|middle|midst|course) of|going through|went through|"
    r"under ?going|working (?:hard )?(?:towards?|on)|working to (?:achieve|gain|become|obtain|get|be)|"
    r"appl(?:y|ies|ied|ying)|applications? (?:\w++ ){0,3}?(?:for|to|with)|pursuing|seeking|awaiting|"
    r"waiting (?:for|on)|pending|preparing (?:for|to)|progressing (?:towards?|to)|close to|nearing|"
    r"on (?:the |our )?(?:way|road|path|pathway|journey|route|track|course) (?:to|towards?|for)|"
    r"(?:road|path|pathway|journey|route) (?:to|towards?)|soon to|about to|yet to complete|"
    r"(?:will|shall) (?:(?:soon|shortly|then|now|also|fully|formally) )?(?:be|become|have|gain|hold|receive)|candidates? for|"
    r"(?:due|expect|expects|expected|expecting|hope|hopes|hoping|aim|aims|aiming|aspire|aspires|aspiring|"
    r"plan|plans|planning|intend|intends|intending|looking|set|scheduled|anticipate|anticipates) (?:to|for|our))"
)
_SOUGHT = (
    rf"(?:{_ANY_CLAIM}|(?:{_AGENT} )(?:{_ALIGNED_AFTER}|accreditation|accredited|approval|approved|"
    rf"affiliation|affiliates?|authorisation)|{_CERTIFICATION}|{_TARGET}|"
    rf"(?:accreditation|approval|affiliation)(?: (?:by|with|from|of|to) {_few(2)}{_AGENT})?+)(?: process)?+"
)
_UNDER_WAY = (
    r"(?:pending|in progress|in process|in the pipeline|under ?way|applied for|application|applicants?|"
    r"submitted|awaited|to follow|coming soon|soon|expected|imminent|candidates?|ongoing|on the way)"
)
_OTHER = (
    r"(?:(?:bs )?(?:en )?iso(?: iec)?(?: \d{3,6}){0,2}|cpd|ofqual|ofsted|ncfe|city (?:and )?guilds|highfield|"
    r"qualsafe|icm|institute of conflict management|nocn|pearson|btec|skills for care|"
    r"investors in people|cyber essentials|security industry authority|cqc|care quality commission|"
    r"department (?:for|of) education|dfe|nhs|nhs england)"
)
_OTHER_GIVEN = (
    rf"(?:{_CERTIFIED}|{_CERTIFICATION}|accredited|accreditation|regulated|{_GIVEN}|{_GIFT})"
)

# ---- the phrases

_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        CLAIMED,
        (
            _CERTIFIED_NAMED,
            _CERTIFICATION_NAMED,
            _CERTIFICATION_BY,
            rf"(?:ha(?:ve|s|d)|h[eo]lds?|holding|achieved?|gained|awarded|received|obtained|earned|secured|"
            rf"maintains?|retains?|full|current|our|valid) {_few(3)}certification",
            rf"{_BILD_ACT} (?:fully )?(?:accredited|accreditation)(?: {_WHO}){{0,2}}+",
            rf"{_BILD} (?:fully |quality )?(?:{_GIVEN}|{_GIFT}|affiliat(?:es?|ed|ion)|satellites?|logo|status)"
            rf"(?: {_WHO}){{0,2}}+",
            rf"{_BILD_ACT} (?:training )?(?:training|providers?|trainers?|instructors?)(?! standards?(?!\S))",
            rf"(?:senior|associate) {_TRAINERS} (?:of|with|for|from) {_few(2)}{_BILD}",
            rf"(?:accredited|accreditation) (?:by|with|from|through|of|under) {_few(2)}{_BILD_ACT}",
            rf"(?:quality )?(?:{_GIVEN}|{_GIFT})(?: {_WHO}){{0,2}}+ (?:by|with|from|through|of|under) "
            rf"{_few(2)}{_BILD}",
            rf"(?:accredited|{_GIVEN}|assessed|awarded) {_UNDER} {_MEETING}{_few(4)}{_RRN} (?:training )?standards",
            rf"(?:approved |authorised |registered |official |licensed |certified )?(?:affiliates?|satellites?)"
            rf"(?: (?:organisation|organization|partner|status|provider|site|arrangement)s?)? (?:of|with|to|under)"
            rf"(?: {_few(3)}(?:{_BILD}|(?:certified|approved|accredited|licensed) (?:training )?\w++))?",
            r"(?:approved|authorised|certified) affiliates?(?: (?:organisation|status|arrangement)s?)?",
            rf"affiliated (?:to|with) {_few(2)}(?:{_BILD}|(?:certified|approved|accredited) (?:training )?\w++)",
            r"authori[sz]ed (?:senior |associate |lead )?(?:trainer|instructor)s?",
            r"approved (?:training )?(?:curriculum|curricula|programmes?)",
        ),
    ),
    (
        DENIED,
        (
            rf"(?:{_AGENT} )?(?:uncertified|noncertified)",
            rf"(?:no|without|lacks?|lacking) {_few(4)}{_CERTIFICATION}{_BY_BODY}{{0,2}}+",
            r"(?:lost|lapsed|expired|suspended|withdrawn|withdrew|revoked|refused) "
            rf"{_few(4)}{_CERTIFICATION}{_BY_BODY}{{0,2}}+",
        ),
    ),
    (
        _ALIGNED,
        (
            rf"{_ALIGNING} {_few(8)}{_TARGET}",
            rf"{_MEETING_THEM} {_few(8)}{_TARGET}",
            rf"(?:{_BILD} (?:and )?)?(?:{_RRN_STANDARDS}|{_BILD}{_STANDARDS}) {_ALIGNED_AFTER}(?! (?:to|with)(?!\S))",
            rf"{_RRN_STANDARDS} {_SETTLED}(?:met|followed|adhered to|satisfied|complied with|embedded)",
            rf"{_RRN_STANDARDS} (?:underpins?|informs?|guides?|shapes?)",
            rf"{_RRN} standard (?:training|courses?|programmes?|delivery)",
            rf"(?:as good as|equal to|equivalent to|comparable to|same as|on a par with) (?:being )?{_CERTIFIED}",
            rf"{_CERTIFIED} (?:or )?equivalent",
        ),
    ),
    (
        _MEMBER,
        (
            rf"{_RRN} (?:(?:organisational|organizational|corporate|individual|associate|full|network|"
            rf"training|provider|active|founding) ){{0,2}}+(?:{_MEMBERS}|pledge[ds]?|signator(?:y|ies)|"
            rf"supporters?|ambassadors?|champions?)",
            rf"(?:{_MEMBERS}|part|supporters?|friends?|champions?|signator(?:y|ies)) "
            rf"(?:organisation )?(?:of|in|with|to) (?:the )?{_RRN}(?! (?:training|standards?)(?!\S))",
            rf"(?:joined|joining|belongs? to|pledged?(?: to| with)?|sign(?:ed|s)?(?: up)?(?: to| with)?|"
            rf"committed to|(?:made|taken|take|given) the) (?:the )?{_RRN}"
            rf"(?! (?:training|standards?)(?!\S))(?: pledge| charter)?",
        ),
    ),
    (
        _BILD_MEMBER,
        (
            rf"{_BILD} (?:(?:corporate|individual|associate|full|organisational) ){{0,2}}+{_MEMBERS}",
            rf"{_MEMBERS} (?:of|with) (?:the )?{_BILD}",
        ),
    ),
    (
        _LEGACY,
        (
            rf"(?:{_BILD} )?pitas(?: (?:accreditation|accredited|scheme|certificate|certification|number|no|"
            rf"ref|reference|member|membership)){{0,3}}+(?:(?: ;)? \d{{2,8}})?",
            rf"(?:{_BILD} )?physical interventions? (?:training )?accreditation(?: scheme)?",
            rf"{_BILD_ALONE} {_few(2)}(?:accredited|accreditation|accredits?)(?: (?:scheme|number|certificate|no))?",
            rf"(?:accredited|accreditation|accredit) (?:{_WHO} ){{0,2}}(?:by|from|with|through|of|under) "
            rf"(?:the )?{_BILD_ALONE}",
            rf"{_BILD} code of practice",
        ),
    ),
    (
        _TRAIN_THE_TRAINER,
        (
            rf"train(?:ing|ed|s)?(?: of)?(?: (?:the|our|your|their|own|in house)){{0,3}}+ {_TRAINERS}"
            rf"(?: (?:training|model|programmes?|courses?|approach|route|package)){{0,2}}+",
            r"(?:ttt|t4t) (?:training|model|programmes?|courses?|approach)",
            rf"{_TRAINERS} (?:{_BEEN} ){{0,5}}+(?:trained|taught|instructed|qualified|coached|certified)"
            rf"(?: up)? (?:by|with|through|from|at|under) {_few(4)}{_PROMISING}(?: {_PROMISING}){{0,2}}+"
            rf"(?: (?:{_WHO}|company)){{0,2}}+",
            rf"trained (?:up )?(?:as|to be|to become) {_few(3)}{_TRAINERS}",
            r"cascad(?:e|es|ed|ing) (?:training|model|trainers?|approach|(?:the |this |our )?training)",
        ),
    ),
    (
        _APPLICATION,
        (
            rf"{_STARTED} {_few(6)}(?:being |becoming |gaining |meeting )?{_few(3)}{_SOUGHT}"
            rf"(?: for {_CERTIFICATION}{_BY_BODY}?+)?+",
            rf"(?:{_ANY_CLAIM}|{_CERTIFICATION}|{_CERTIFYING}(?:accreditation|approval)) (?:[,;] )?"
            rf"(?:(?:is|are|was|has|been|currently|now|still) ){{0,3}}+{_UNDER_WAY}",
            rf"applications? (?:(?:is|has|been|was|now) ){{0,3}}+(?:submitted|made|sent|with|to) {_few(3)}"
            rf"(?:{_BILD}|{_RRN})",
        ),
    ),
    (
        _ENDORSED,
        (
            rf"{_RRN} (?:quality )?(?:{_GIVEN}|{_GIFT}|accredited|accreditation|affiliat(?:es?|ed|ion)|"
            rf"satellites?|partner(?:s|ship|ed)?|preferred|seal|kitemark|kite mark|quality mark|logo|badge|"
            rf"stamp|(?:training )?(?:providers?|{_TRAINERS}))(?: {_WHO}){{0,2}}+",
            rf"{_RRN} (?:recommends?|endorses?|approves?|recognises?|supports?|accredits?|backs)",
            rf"(?:{_GIVEN}|{_GIFT}|accredited|accreditation|affiliat(?:es?|ed)|satellites?|quality assured)"
            rf"(?: {_WHO}){{0,2}}+ (?:by|from|with|of|through|to|under) {_few(3)}{_RRN}",
            rf"(?:partner(?:s|ed|ship)?|partnering|working|works?|collaborat(?:e|es|ing|ion)) "
            rf"(?:closely |in partnership )?(?:of|with) (?:the )?{_RRN}",
        ),
    ),
    (
        _UKAS,
        (
            r"ukas (?:accredited|accreditation|approved|registered|certified|recognised)",
            r"(?:accredited|accreditation|approved|certified) (?:by|from|with|through) (?:the )?"
            r"(?:ukas|(?:uk|united kingdom) accreditation service)",
        ),
    ),
    (
        _OTHER_SCHEME,
        (
            rf"{_OTHER} {_OTHER_GIVEN}",
            rf"{_OTHER_GIVEN} (?:by|with|to|under|from|through|against) (?:the )?{_OTHER}",
        ),
    ),
    (
        _LESS_RESTRICTIVE,
        (
            r"less restrictive (?:physical |restraint )?(?:techniques?|holds?|interventions?|practices?|"
            r"methods?|approach|approaches|than)",
        ),
    ),
)
_PHRASES_IN_CONTEXT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        CLAIMED,
        (
            r"certificate (?:number|no|nos|ref|reference)(?: is)?(?: (?:[a-z]{1,4} )?(?=\w{0,9}\d)\w++){0,3}+",
        ),
    ),
    (
        _ALIGNED,
        (r"aligned(?! (?:to|with)(?!\S))",),
    ),
    (
        _APPLICATION,
        (
            r"working towards?(?: (?:it|this|that|these|them))?(?= ?$| [,;] | (?:and|but|so) )",
            r"(?:currently |still )?(?:in process|in the process)(?: of (?:it|this|doing so))?(?= ?$| [,;] )",
            r"(?:applications?|applied|applying)(?= ?$| [,;] )",
            r"pending(?= ?$| [,;] )",
        ),
    ),
)


def _phrasings() -> Iterator[Phrasing]:
    for phrases, in_context in ((_PHRASES, False), (_PHRASES_IN_CONTEXT, True)):
        for code, patterns in phrases:
            for pattern in patterns:
                yield Phrasing(code, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), in_context)


PHRASINGS = tuple(_phrasings())
"""Every way to word a claim, the more specific before the less where two match the same words."""

CONTEXT = re.compile(rf"(?<!\S)(?:{_RRN}|{_BILD}|certif\w*)(?!\S)")
"""What shows that a sentence speaks of certification."""
