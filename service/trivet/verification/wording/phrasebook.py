"""The phrases that suppliers use of their training, as patterns.

A pattern is a regular expression over the line of a sentence (see `words`): plain words, one space apart. `<name>`
stands for a part, which may use the parts above it, and `<few 3>` for up to three words of no weight. An indented line
goes on where the one before it ended. Every repetition is bounded, so that no text can make the search slow.
"""

PARTS = r"""
another = but|not?|never|isnt|arent|dont|doesnt|havent|hasnt|however|because|certif\w*|accredited|approved|
  align\w*|meets?|meeting|follow\w*|compl[iy]\w*|adher\w*|members?|membership|pitas|lost|lapsed|expired|suspended|
  withdrawn|withdrew|revoked|refused
light = (?!<another> )\w++ (?:, )?

rrn-name = rrns?|r r n|restraints? reductions? networks?
rrn = <rrn-name>(?: <rrn-name>)?
act = act|association (?:of|for) certified training
bild-name = bilds?|b i l d|british institute (?:of|for) learning disabilit(?:y|ies)
bild-act = (?:<bild-name> (?:and )?<act>|bildact)(?: (?:<bild-name> )?<act>| bildact)?
bild-alone = <bild-name>(?: <bild-name>)?(?! (?:and )?<act>(?!\S))
bild = <bild-act>|<bild-alone>
standards = (?: (?:national|training|ethical|standards?|guidance|guidelines?|principles|frameworks?|requirements|
  criteria|values|ethos|model|approach|best|practice|curriculum)){0,5}+
rrn-standards = (?:the )?<rrn><standards>
the-standards = the (?:national |new |ethical )?(?:training )?standards
  (?! (?:of|for|set|required|expected|that|in|you|we)(?!\S))
standards-of-rrn = (?:the )?(?:training )?(?:standards|guidance|principles)
   (?:of|set by|set out by|from|by) (?:the )?<rrn>
body-or-standards = <bild>|<rrn><standards>|<the-standards>|(?:ukas )?(?:accredited )?certification bod(?:y|ies)|
  ukas(?: accredited)?(?: certification)?(?: body)?

certified-word = (?:certified|certificated)(?! (?:copy|copies|accountants?)(?!\S))
certification-word = certifications?|certificates?
given = approved|authorised|authorized|registered|recognised|recognized|licensed|licenced|endorsed|validated|
  verified|assured|audited|listed|supported|backed|recommended|sanctioned
gift = approval|endorsement|recognition|licence|license|recommendation|validation|registration|authorisation|
  authorization
trainers = trainers?|instructors?|tutors?|facilitators?
members = members?|membership
who = trainings?|trainers?|instructors?|providers?|programmes?|programs?|courses?|curriculum|curricula|
  organisations?|organizations?|services?|supplier|company|centre|affiliates?|status

certifying = <body-or-standards> (?:(?:and|or|nor|,) (?:the )?<body-or-standards> )?(?:fully |formally )?
under = by|with|through|under|via|from|against|to|as|for|in (?:accordance|line|compliance) with
by = by|from|with|through|under|of
meeting = (?:(?:as )?(?:meeting|complying with|compliant with|conforming to|in compliance with) )?
by-body =  (?:and )?<under> <meeting><few 5><body-or-standards>
certified = <certifying>?<certified-word>(?: <who>){0,3}<by-body>{0,2}+
certification = <certifying><certification-word>(?: status)?<by-body>{0,2}+
certification-by = <certification-word><by-body>{1,2}+
any-claim = <certification>|<certification-by>|<certified>

target-of-another = certified|certificated|accredited|approved|authorised|licensed|registered|affiliat\w*|<members>
target = (?:<standards-of-rrn>|<the-standards>|(?:the )?(?:<rrn>|<bild>)<standards>
  (?: certification(?: standards| requirements| criteria| scheme| process)?)?+(?! <target-of-another>(?!\S)))
aligned-to = (?:align(?:ed|s|ing|ment)?|compl(?:y|ies|ied|ying)|complian(?:t|ce)|
  conform(?:s|ed|ing|ant|ance|ity)?|adher(?:e|es|ed|ing|ence|ent)|map(?:s|ped|ping)?|consisten(?:t|cy)|congruent|
  benchmarked|equivalent|comparable|faithful|commit(?:s|ted|ment)?|sign(?:ed|s)? up|subscribe[sd]?|accords?)
  (?: (?:fully|closely|strictly|directly|completely|entirely))? (?:to|with|against)
built-on = (?:based|built|modelled|founded|grounded|rooted|centred|designed|written|developed|structured|created|
  tailored|delivered|taught|trained|training|working|works?)(?: (?:closely|directly|up))?
   (?:to|on|upon|around|against)
guided-by = (?:underpinned|informed|guided|inspired|shaped|led|driven) (?:by|from)
meets = meets?|meeting|met|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|follow(?:s|ed|ing)?|satisf(?:y|ies|ied|ying)|
  reflect(?:s|ed|ing)?|uphold(?:s|ing)?|upheld|observ(?:e|es|ing)|implement(?:s|ed|ing)?|embed(?:s|ded|ding)?|
  incorporat(?:e|es|ed|ing)|embrac(?:e|es|ed|ing)|adopt(?:s|ed|ing)?|fulfil(?:s|led|ling)?|match(?:es|ed|ing)?|
  us(?:e|es|ing)|respect(?:s|ing)?
in-line-with = in (?:line|accordance|keeping|compliance|conformity|conformance|harmony|alignment|agreement|step) with|
  in the spirit of|according to|as per|per
aligned-after = (?:fully |100 )?(?:align(?:ed|ment)|complian(?:t|ce)|conform(?:ant|ance|ity)|complying|consistent|
  informed|based|equivalent|friendly|ready|mapped|adherent|adherence|inspired|led|style|level)

started = in (?:the |our )?(?:\w++ )?(?:process|stages?|middle|midst|course) of|going through|went through|
  under ?going|working (?:hard )?(?:towards?|on)|working to (?:achieve|gain|become|obtain|get|be)|
  appl(?:y|ies|ied|ying)|applications? (?:\w++ ){0,3}?(?:for|to|with)|pursuing|seeking|awaiting|
  waiting (?:for|on)|pending|preparing (?:for|to)|progressing (?:towards?|to)|close to|nearing|
  on (?:the |our )?(?:way|road|path|pathway|journey|route|track|course) (?:to|towards?|for)|
  (?:road|path|pathway|journey|route) (?:to|towards?)|soon to|about to|yet to complete|candidates? for
to-be = (?:will|shall) (?:(?:soon|shortly|then|now|also|fully|formally) )?(?:be|become|have|gain|hold|receive)|
  (?:due|expect(?:s|ed|ing)?|hop(?:e|es|ing)|aim(?:s|ing)?|aspir(?:e|es|ing)|plan(?:s|ning)?|intend(?:s|ing)?|
  looking|set|scheduled|anticipates?) (?:to|for|our)
sought = (?:<any-claim>|<body-or-standards> (?:<aligned-after>|accreditation|accredited|approval|approved|
  affiliation|affiliates?|authorisation)|<certification-word>|<target>|
  (?:accreditation|approval|affiliation)(?: (?:by|with|from|of|to) <few 2><body-or-standards>)?+)(?: process)?+
under-way = pending|in progress|in process|in the pipeline|under ?way|applied for|application|applicants?|submitted|
  awaited|to follow|coming soon|soon|expected|imminent|candidates?|ongoing|on the way

been = were|was|are|is|have|has|had|been|being|all|also|both|fully|originally|who|that|themselves
promising = certified|accredited|approved|licensed|<bild>|<rrn>
other = (?:bs )?(?:en )?iso(?: iec)?(?: \d{3,6}){0,2}|cpd|ofqual|ofsted|ncfe|city (?:and )?guilds|highfield|qualsafe|
  icm|institute of conflict management|nocn|pearson|btec|skills for care|investors in people|cyber essentials|
  security industry authority|cqc|care quality commission|department (?:for|of) education|dfe|nhs|nhs england
other-given = <certified-word>|<certification-word>|accredited|accreditation|regulated|<given>|<gift>
"""

PHRASES = r"""
certification_claimed = <certified>
certification_claimed = <certification>
certification_claimed = <certification-by>
certification_claimed = (?:ha(?:ve|s|d)|h[eo]lds?|holding|achieved?|gained|awarded|received|obtained|earned|secured|
  maintains?|retains?|full|current|our|valid) <few 3>certification
certification_claimed = <bild-act> (?:fully )?(?:accredited|accreditation)(?: <who>){0,2}
certification_claimed = <bild> (?:fully |quality )?
  (?:<given>|<gift>|affiliat(?:es?|ed|ion)|satellites?|logo|status)(?: <who>){0,2}
certification_claimed = <bild-act> (?:training )?(?:training|providers?|<trainers>)(?! standards?(?!\S))
certification_claimed = (?:senior|associate) <trainers> (?:of|with|for|from) <few 2><bild>
certification_claimed = (?:accredited|accreditation) <by> <few 2><bild-act>
certification_claimed = (?:quality )?(?:<given>|<gift>)(?: <who>){0,2} <by> <few 2><bild>
certification_claimed = (?:accredited|<given>|assessed|awarded) <under> <meeting><few 4><rrn> (?:training )?standards
certification_claimed = (?:approved |authorised |registered |official |licensed |certified )?
  (?:affiliates?|satellites?)(?: (?:organisation|organization|partner|status|provider|site|arrangement)s?)?
   (?:of|with|to|under)(?: <few 3>(?:<bild>|(?:certified|approved|accredited|licensed) (?:training )?\w++))?
certification_claimed = (?:approved|authorised|certified) affiliates?(?: (?:organisation|status|arrangement)s?)?
certification_claimed = affiliated (?:to|with) <few 2>(?:<bild>|(?:certified|approved|accredited) (?:training )?\w++)
certification_claimed = authori[sz]ed (?:senior |associate |lead )?(?:trainer|instructor)s?
certification_claimed = approved (?:training )?(?:curriculum|curricula|programmes?)

certification_denied = (?:<body-or-standards> )?(?:uncertified|noncertified)
certification_denied = (?:no|without|lacks?|lacking) <few 4><certification-word><by-body>{0,2}+
certification_denied = (?:lost|lapsed|expired|suspended|withdrawn|withdrew|revoked|refused)
   <few 4><certification-word><by-body>{0,2}+

aligned_is_not_certification = (?:<aligned-to>|<built-on>|<guided-by>) <few 8><target>
aligned_is_not_certification = (?:<meets>|<in-line-with>) <few 8><target>
aligned_is_not_certification = (?:<bild> (?:and )?)?(?:<rrn-standards>|<bild><standards>)
   <aligned-after>(?! (?:to|with)(?!\S))
aligned_is_not_certification = <rrn-standards> (?:(?:is|are|be|being|fully|all) ){0,3}
  (?:met|followed|adhered to|satisfied|complied with|embedded)
aligned_is_not_certification = <rrn-standards> (?:underpins?|informs?|guides?|shapes?)
aligned_is_not_certification = <rrn> standard (?:training|courses?|programmes?|delivery)
aligned_is_not_certification = (?:as good as|equal to|equivalent to|comparable to|same as|on a par with)
   (?:being )?<certified-word>
aligned_is_not_certification = <certified-word> (?:or )?equivalent

membership_is_not_certification = <rrn> (?:(?:organisational|organizational|corporate|individual|associate|full|
  network|training|provider|active|founding) ){0,2}
  (?:<members>|pledge[ds]?|signator(?:y|ies)|supporters?|ambassadors?|champions?)
membership_is_not_certification = (?:<members>|part|supporters?|friends?|champions?|signator(?:y|ies))
   (?:organisation )?(?:of|in|with|to) (?:the )?<rrn>(?! (?:training|standards?)(?!\S))
membership_is_not_certification = (?:joined|joining|belongs? to|pledged?(?: to| with)?|
  sign(?:ed|s)?(?: up)?(?: to| with)?|committed to|(?:made|taken|take|given) the) (?:the )?
  <rrn>(?! (?:training|standards?)(?!\S))(?: pledge| charter)?

bild_membership_is_not_certification = <bild>
   (?:(?:corporate|individual|associate|full|organisational) ){0,2}<members>
bild_membership_is_not_certification = <members> (?:of|with) (?:the )?<bild>

legacy_scheme_is_not_certification = (?:<bild> )?pitas(?: (?:accreditation|accredited|scheme|certificate|
  certification|number|no|ref|reference|member|membership)){0,3}(?:(?: ;)? \d{2,8})?
legacy_scheme_is_not_certification = (?:<bild> )?physical interventions? (?:training )?accreditation(?: scheme)?
legacy_scheme_is_not_certification = <bild-alone> <few 2>(?:accredited|accreditation|accredits?)
  (?: (?:scheme|number|certificate|no))?
legacy_scheme_is_not_certification = (?:accredited|accreditation|accredit) (?:<who> ){0,2}<by> (?:the )?<bild-alone>
legacy_scheme_is_not_certification = <bild> code of practice

train_the_trainer_is_not_certification = train(?:ing|ed|s)?(?: of)?(?: (?:the|our|your|their|own|in house)){0,3}
   <trainers>(?: (?:training|model|programmes?|courses?|approach|route|package)){0,2}
train_the_trainer_is_not_certification = (?:ttt|t4t) (?:training|model|programmes?|courses?|approach)
train_the_trainer_is_not_certification = <trainers> (?:<been> ){0,5}
  (?:trained|taught|instructed|qualified|coached|certified)(?: up)? (?:by|with|through|from|at|under)
   <few 4><promising>(?: <promising>){0,2}(?: (?:<who>|company)){0,2}
train_the_trainer_is_not_certification = trained (?:up )?(?:as|to be|to become) <few 3><trainers>
train_the_trainer_is_not_certification = cascad(?:e|es|ed|ing)
   (?:training|model|trainers?|approach|(?:the |this |our )?training)

application_is_not_certification = (?:<started>|<to-be>) <few 6>(?:being |becoming |gaining |meeting )?<few 3><sought>
  (?: for <certification-word><by-body>?+)?+
application_is_not_certification = (?:<any-claim>|<certification-word>|<certifying>(?:accreditation|approval))
   (?:[,;] )?(?:(?:is|are|was|has|been|currently|now|still) ){0,3}<under-way>
application_is_not_certification = applications? (?:(?:is|has|been|was|now) ){0,3}(?:submitted|made|sent|with|to)
   <few 3>(?:<bild>|<rrn>)

endorsement_is_not_given = <rrn> (?:quality )?(?:<given>|<gift>|accredited|accreditation|affiliat(?:es?|ed|ion)|
  satellites?|partner(?:s|ship|ed)?|preferred|seal|kitemark|kite mark|quality mark|logo|badge|stamp|
  (?:training )?(?:providers?|<trainers>))(?: <who>){0,2}
endorsement_is_not_given = <rrn> (?:recommends?|endorses?|approves?|recognises?|supports?|accredits?|backs)
endorsement_is_not_given = (?:<given>|<gift>|accredited|accreditation|affiliat(?:es?|ed)|satellites?|quality assured)
  (?: <who>){0,2} (?:<by>|to) <few 3><rrn>
endorsement_is_not_given = (?:partner(?:s|ed|ship)?|partnering|working|works?|collaborat(?:e|es|ing|ion))
   (?:closely |in partnership )?(?:of|with) (?:the )?<rrn>

ukas_accredits_bodies_not_training = ukas (?:accredited|accreditation|approved|registered|certified|recognised)
ukas_accredits_bodies_not_training = (?:accredited|accreditation|approved|certified) (?:by|from|with|through)
   (?:the )?(?:ukas|(?:uk|united kingdom) accreditation service)

other_scheme_is_not_certification = <other> <other-given>
other_scheme_is_not_certification = <other-given> (?:by|with|to|under|from|through|against) (?:the )?<other>

no_technique_is_less_restrictive = less restrictive (?:physical |restraint )?
  (?:techniques?|holds?|interventions?|practices?|methods?|approach|approaches|than)
"""

PHRASES_IN_CONTEXT = r"""
certification_claimed = certificate (?:number|no|nos|ref|reference)(?: is)?
  (?: (?:[a-z]{1,4} )?(?=\w{0,9}\d)\w++){0,3}
aligned_is_not_certification = aligned(?! (?:to|with)(?!\S))
application_is_not_certification = working towards?(?: (?:it|this|that|these|them))?(?= ?$| [,;] | (?:and|but|so) )
application_is_not_certification = (?:currently |still )?(?:in process|in the process)(?: of (?:it|this|doing so))?
  (?= ?$| [,;] )
application_is_not_certification = (?:applications?|applied|applying|pending)(?= ?$| [,;] )
"""
"""What counts only in a sentence that speaks of certification: the words alone are everyday words."""

CONTEXT = r"<rrn>|<bild>|certif\w*"
"""What shows that a sentence speaks of certification."""
