"""Families of Dutch words, judged by hand among the words of the public documents in the corpus.

A family is a word in its forms and the compounds that it stands in. A page answers a query for the word if
it holds any of the family; what merely looks alike (*planten* for *plan*) or is derived (*beplanting*) is
judged not to answer. The rules of stemming and of compounds were made with the first list in view; the
second was written down afterwards, and nothing was changed because of it.
"""

from typing import NamedTuple


class Family(NamedTuple):
    """The queries, what a word of the family has in it, and what rules such a word out (both patterns)."""

    queries: tuple[str, ...]
    members: str
    others: str = ""


def _family(queries: str, members: str, others: str = "") -> Family:
    return Family(tuple(queries.split()), members, others)


IN_VIEW: tuple[Family, ...] = (
    _family("werkgelegenheid", "werkgelegenheid"),
    _family("beleid", "beleid", "beleidsen"),
    _family("belasting belastingen", "belasting", "milieubelast|overbelast"),
    _family("gezondheid", "gezondheid"),
    _family("veiligheid", "veiligheid"),
    _family("energie", "energie"),
    _family("woning woningen", "woning"),
    _family("opleiding opleidingen", "opleiding"),
    _family("markt markten", "markt", "^marktconform"),
    _family("school scholen", "scho(ol|len)", "kwijtgescholden|geschoold"),
    _family("onderwijs", "onderwijs"),
    _family(
        "grond gronden",
        "grond",
        "achtergrond|voorgrond|ondergrond|grondbeginsel|grondig|grondslag|grondwet|grondhouding|ontgronding|ondergronden",
    ),
    _family("subsidie subsidies", "subsidie", "gesubsid"),
    _family(
        "plan plannen",
        "plan",
        "planeet|planet|plant|planken|plano|beplant|gepland|plank|dekplank|planketen|planter|plantsoen|planm|binnenplans|buitenplans|planning",
    ),
    _family("begroting begrotingen", "begroting"),
    _family("gemeente gemeenten", "gemeente", "gemeentelijk|gemeentedekkende"),
    _family("parkeren", "parkeer|parkeren"),
    _family("vergunning vergunningen", "vergunning"),
    _family("riool riolen", "rio(ol|len)", "rioolen"),
    _family("kosten", "kosten", "bekosten|kostenst"),
    _family("pakket pakketten", "pakket"),
    _family("bestand bestanden", "bestand", "bestendig|bestandig"),
    _family("arbeid", "arbeid", "arbeider|grensarbeiders"),
    _family("vervoer", "vervoer"),
    _family("water", "water", "waterbouwk"),
    _family(
        "wet wetten",
        "wet(ten|$|s|gev|telijk)|(^|grond|jeugd|media|erfgoed|huisvestings|omgevings|participatie|gemeente|provincie|water)wet",
        "weten|wetens|kwets|wethouder|geweten|wettig|zwets",
    ),
    _family(
        "raad raden",
        "(gemeente|advies|veiligheids|rechten|arbeids)ra(ad|den)|^raads?$|^raads|^raadhuis|^raden$|raadinformatie|kadernotaraad",
        "raadpleeg|raadpleg|beraad",
    ),
    _family("commissie commissies", "commissie"),
    _family("vergadering vergaderingen", "vergadering"),
    _family("klimaat", "klimaat"),
    _family("burger burgers", "burger", "burgerlijk|inburger|wittenburger|burgerdialog"),
    _family("bibliotheek bibliotheken", "bibliothe(ek|ken)"),
    _family("sport", "sport", "transport|portefeuille|mailtrans|sporter"),
    _family("cultuur", "cultuur"),
    _family("kinderen", "kinder"),
    _family("uitkering uitkeringen", "uitkering"),
    _family(
        "zorg",
        "zorg",
        "bezorg|gezorgd|verzorg|voorzorg|zorgen|zorgt|zorgde|zorgvuldig|zorgwekk|zorgzame|zorgdragen",
    ),
    _family("onderhoud", "onderhoud", "onderhouden|onderhouder"),
    _family(
        "weg wegen",
        "(^|rijks|snel|vaar|water|spoor|toegangs|gemeente)weg(en)?$|^weg(categor|constr|en|gebr|ged|meub|onder|pir|sleep|verh|verk|wijz)|spoorweg|vaarwegen",
        "wegens|weggelaten|inoverweg|wegennetwerks",
    ),
    _family("verkeer", "verkeer", "verkeerde|berichtenverkeer"),
    _family("monument monumenten", "monument", "monumental"),
    _family("omgeving", "omgeving"),
    _family("risico", "risico"),
    _family("lening leningen", "(^|geld|obligatie|starters)lening"),
    _family("schuld schulden", "schuld", "beschuldig|verschuldig"),
    _family("rente", "(^|omslag)rente|^rente", "daarentegen"),
    _family("dienst diensten", "dienst", "verdienst|dienstvertrek|godsdienst|werkendienst"),
    _family("project projecten", "project"),
    _family("asiel", "asiel"),
    _family("ambtenaar ambtenaren", "ambtena", "ambtenarij"),
    _family("toezicht", "toezicht", "ondertoezicht"),
    _family("handhaving", "handhaving"),
    _family("crisis", "crisis"),
    _family("systeem systemen", "syste(em|men)"),
    _family("programma", "programma", "programmatisch|programmatuur"),
    _family("archief archieven", "archie(f|ven)"),
    _family("document documenten", "document", "documentai|documentat|documented"),
    _family("investering investeringen", "investering"),
    _family("overheid overheden", "overhe(id|den)"),
    _family("stad steden", "(^|hoofd|rand)stad$|^steden|^stads|stadhuis"),
    _family("wijk wijken", "wijk", "katwijk|rijswijk|afwijk|wijkt"),
    _family(
        "huis huizen",
        "hui(s|zen)",
        "huisvest|gehuisvest|huishoud|huiselijk|thuis|verhui|meeverhuis|uithuis|huize$",
    ),
    _family("afval", "afval", "afvalloze"),
    _family(
        "rechten recht",
        "recht(en)?$|^rechts|^recht(bank)|rechtbank|mensenrecht",
        "onrecht|oprecht|terecht|onterecht|rechtse",
    ),
    _family("fiets fietsen", "fiets"),
    _family("bouw", "bouw", "opbouw|gebouw|verbouw|betrouw|bouwt"),
    _family("groep groepen", "groep"),
    _family("jaar jaren", "ja(ar|ren)", "jaarlijks"),
    _family("vrouw vrouwen", "vrouw", "vertrouw|betrouw|wantrouw"),
    _family("ziekte ziekten", "ziekte"),
)

HELD_OUT: tuple[Family, ...] = (
    _family("verordening verordeningen", "verordening"),
    _family("inwoner inwoners", "inwoner"),
    _family("bestuur besturen", "bestu+r(en)?$|bestuurs|schoolbestu"),
    _family("bedrijf bedrijven", "bedrij[fv]", "bedrijvigheid|bedrijfsmatig|bedrijfszeker|bedrijfskritisch"),
    _family("inkomen inkomens", "inkomens?$|inkomens", "inkomende|inkomensen"),
    _family("huur", "^huur$|^huur(der|koop|over|sub|won)|^huren$|^huurt$"),
    _family("natuur", "natuur", "natuurlijk"),
    _family("landschap landschappen", "landschap"),
    _family("strand stranden", "strand"),
    _family("jongeren", "jongere"),
    _family("ouderen", "^oudere|ouderenpart", "ouderbij"),
    _family("leerling leerlingen", "leerling"),
    _family("ziekenhuis ziekenhuizen", "ziekenhui"),
    _family("verkiezing verkiezingen", "verkiezing"),
    _family("politie", "politie", "politiek"),
    _family("tarief tarieven", "tarie[fv]"),
    _family("heffing heffingen", "heffing", "ontheffing|opheffing"),
    _family("bedrag bedragen", "bedrag"),
    _family("begeleiding", "begeleiding"),
    _family("ontwikkeling ontwikkelingen", "ontwikkeling"),
    _family("regeling regelingen", "regeling", "ontregeling|verkeersregeling"),
    _family("voorziening voorzieningen", "voorziening"),
    _family("budget budgetten", "budget", "budgettair"),
    _family("reserve reserves", "reserve", "gereserveerd|reservering"),
    _family("lijst lijsten", "lijst"),
    _family("visie visies", "visie", "revisie|provisie|^ivisie"),
    _family("strategie strategieën", "strategie"),
    _family("akkoord akkoorden", "akkoord"),
    _family("maatregel maatregelen", "maatregel"),
    _family("sector sectoren", "sector", "sectorale"),
    _family("prijs prijzen", "prij[sz]"),
    _family("kapitaal", "kapitaal"),
    _family("gebouw gebouwen", "gebouw", "gebouwd|ingebouw|opgebouw|voortgebouw"),
    _family("gebied gebieden", "gebied"),
    _family("grens grenzen", "gren[sz]"),
    _family("vereniging verenigingen", "vereniging"),
    _family("instelling instellingen", "instelling"),
    _family("versie versies", "versie", "controvers"),
    _family("sociaal sociale", "sociaal|^sociale$|psychosociale"),
    _family("economisch economische", "economisch"),
    _family("lokaal lokale", "^lokale?$|^lokaal$|bovenlokale"),
    _family("nationaal nationale", "^nationa(al|le)$"),
    _family("financieel financiële", "^financi(eel|ele|ële)$"),
    _family("regionaal regionale", "regiona(al|le)"),
    _family("wettelijk wettelijke", "^wettelijke?$"),
    _family("belangrijk belangrijke", "^belangrijke?[r]?$|^belangrijkste$"),
    _family("nieuw nieuwe", "^nieuwe?(re|ste)?$"),
    _family("gezond gezonde", "^gezonde?r?$"),
    _family("investeren investeert", "^investeer|^investeren$|^geïnvesteerd"),
    _family("ondersteunen ondersteunt", "^ondersteun(en|t|d|de|end|ende)$"),
    _family("betalen betaalt", "^beta(al|alt|ald|alde|len)$"),
    _family("antwoord antwoorden", "^antwoord"),
)
