"""Families of English words, written down before any stemmer was asked about them.

The stemmer was made with the first list in view; the second was looked at when it was done, and nothing was
changed because of it.
"""

from word_families import WordFamily, word_families

IN_VIEW: tuple[WordFamily, ...] = word_families("""
    university universities | universe universal universally |
    universe universes | university universities universal |
    organisation organisations | organ organs organic | organise organised organising organisational
    organization organizations | organ organs organic | organize organized
    general | generation generations generate generic generous | generally
    generation generations | general generals generous gender genetic | generate generated
    policy policies | police policing polite politics policeman | policymaker
    police | policy policies polite |
    new | news newspaper newton | newly newer newest
    news | new newer newly |
    import imports imported importing | important importance | importation importer
    important | import imports imported importing importer | importance importantly
    community communities | communication communicate communism commune common | communal
    communication communications | community communities common | communicate communicated
    child children | chill childish | childhood
    analysis analyses | analyst analogy analytical | analyse analysed analysing
    criterion criteria | critic critical criticise |
    woman women | womb | womanly
    man men | many mention manage menu |
    country countries | county counties count counts counter counting |
    county counties | country countries count counts |
    service services | serve server serving serves | serviceable
    plan plans planned planning | plane planes plant plants planet plain | planner
    plane planes | plan plans planned planning |
    develop develops developed developing | envelope | development developments developer
    development developments | envelope | develop developed developing
    use uses used using | us user users useful usual | usage
    make makes making | mark male mak | maker
    place places placed placing | plaice plan | placement
    house houses | housing how hours | household
    housing | house houses how hose |
    city cities | cite cited citing citation citizen |
    citizen citizens | city cities cite | citizenship
    state states | static status station statement estate | stated stating
    status | state states statue statute stat |
    statute statutes | status state states | statutory
    law laws | lawn lawyer lay |
    business businesses | busy busiest bus buses |
    bus buses | business busy us |
    process processes processed processing | procession proceed proceeds | processor
    address addresses addressed addressing | add added dress | addressee
    provide provides provided providing | province provident provision | provider
    apply applies applied applying | apple apples app | application applicant
    control controls controlled controlling | | controller
    tax taxes taxed taxing | taxi taxis taxonomy | taxation taxable
    person persons | personal personnel |
    personal | person persons personnel | personally
    personnel | person persons personal |
    economic | economy economies economics economist | economical economically
    economy economies | economic economics ecology |
    party parties | part parts partial partly partition |
    part parts | party parties partial particle | partly parted
    act acts acted acting | action actions active activity actual actor |
    activity activities | act acts active action actual |
    live lives lived living | liver lively life |
    increase increases increased increasing | crease | increasingly
    benefit benefits benefited benefiting | beneficial | beneficiary
    report reports reported reporting | port ports repo | reporter
    right rights | righteous rite write writing |
    access accesses accessed accessing | accession accessory | accessible accessibility
    index indices indexes | indicate indicated indication indicator | indexed
    foot feet | food football | footing
""")

HELD_OUT: tuple[WordFamily, ...] = word_families("""
    agency agencies | agent agents agenda age |
    agent agents | agency agencies agenda age ages |
    region regions | register regime regiment | regional
    regional | region regions | regionally
    government governments | governor governors | govern governed
    employ employs employed employing | empty | employee employees employer employment
    employee employees | employer employers employment empty | employ employed
    school schools | scholar scholars | schooling
    training | train trains | trained trainer
    building buildings | bull bullet | build builds builder
    meeting meetings | meter metal | meet meets met
    bank banks | bankrupt banquet | banking banker
    budget budgets budgeted budgeting | budge bud | budgetary
    council councils | counsel counsels councillor |
    councillor councillors | council councils counsellor |
    committee committees | commit commits committed committing commitment |
    commit commits committed committing | committee committees commission | commitment
    commission commissions commissioned commissioning | commit committed committee | commissioner
    strategy strategies | stratum strait | strategic
    health | heal heals healing heath | healthy
    figure figures | fig figs configure | figured
    market markets | mark marks marked marketing | marketplace
    mark marks marked marking | market markets marketing |
    measure measures measured measuring | measles meal | measurement
    study studies studied studying | student students studio studios |
    student students | study studies studio |
    industry industries | industrial indus industrious |
    subsidy subsidies | subside subsidiary subsidiaries | subsidise
    company companies | companion companions comparison comply |
    duty duties | due duke | dutiful
    need needs needed needing | needle knee | needy
    refer refers referred referring | reference referee refereed |
    create creates created creating | creature creatures cream | creation creative
    reduce reduces reduced reducing | reuse red | reduction
    change changes changed changing | chance chances channel | changeable
    begin begins beginning | beg begs being |
    travel travels travelled travelling | gravel | traveller
    fulfil fulfils fulfilled fulfilling | full fill filled | fulfilment
    pay pays paying | payee | payment payer
    free | freeze fret | freely freedom
    large | lard | largely larger largest
    basis bases | basic basin bass |
    crisis crises | cries crying cry crisp |
    datum data | date dates dated dating |
    medium media | mediate median medial |
    life lives | lift lifts |
    half halves | hall halls halt |
    shelf shelves | shell shells |
    wife wives | wire |
    tooth teeth | tool tools |
    phenomenon phenomena | phone |
    appendix appendices | append appended appending |
    species | special specific spice |
    series | serial serious serie |
    means | meaning |
    goods | good goodness |
    customs | custom customer |
""")
