"""Families of German words, written down before any stemmer was asked about them.

The stemmer was made with the first list in view; the second was looked at when it was done, and nothing was
changed because of it.
"""

from word_families import WordFamily, word_families

IN_VIEW: tuple[WordFamily, ...] = word_families("""
    haus hauses häuser häusern | hausen haut | häuslich hausung
    stadt städte städten | statt stätte stätten staat | städtisch
    staat staaten staates staats | stadt städte statt stat | staatlich
    land landes länder ländern | landen landung | ländlich
    plan pläne plänen plans | plane planet planeten plansch | planen planung
    kind kinder kindern kindes | kinn | kindlich kindheit
    universität universitäten | universum universal universell |
    organisation organisationen | organ organe organen organisch | organisieren
    organ organe organen organs | organisation organisationen |
    general generäle | generation generationen generell generieren |
    generation generationen | general generell genau generator |
    politik | polizei polizist politur | politisch politiker
    politisch politische politischen politischer politisches politischem | polizei polieren | politik
    politiker polizei | politik police poliert | polizeilich polizist import importe importen | | importieren
    gemeinde gemeinden | gemein gemeine gemeinsam gemeint | gemeindlich gemeinsam gemeinsame gemeinsamen
    gemeinsamer gemeinsames gemeinsamem | gemeinde gemeinden gemein | gemeinsamkeit forderung forderungen |
    förderung förderungen | fordern förderung förderungen | forderung forderungen | fördern gefördert fordern
    fordert forderte forderten gefordert | fördern fördert förderte gefördert | forderung fördern fördert
    förderte förderten gefördert | fordern fordert forderte gefordert | förderung schön schöne schönen schöner
    schönes schönem | schon schonen schonung | schönheit recht rechte rechten rechts | rechnen rechnung
    rechner rächen | rechtlich rechnung rechnungen | recht rechte rechner | rechnen arbeit arbeiten | arbeiter
    arbeiterin | arbeitet arbeitend arbeiter arbeiters arbeitern | arbeit | arbeiterin arbeiterinnen bürger
    bürgern bürgers | burg burgen bürge bürgen | bürgerin bürgerlich wohnung wohnungen | wahn wonne | wohnen
    gewohnt bildung bildungen | bild bilder bildern bildet | bilden gebildet bild bilder bildern bildes |
    bildung bildungen | bilden maßnahme maßnahmen | masse massen maß maße | masse massen | maß maßnahme
    maßnahmen messe messen | wirtschaft | wirt wirte | wirtschaftlich wirtschaftlich wirtschaftliche
    wirtschaftlichen wirtschaftlicher wirtschaftliches wirtschaftlichem | wirt wirte | wirtschaft
    wirtschaftlichkeit sozial soziale sozialen sozialer soziales sozialem | sozietät sozius | sozialismus neu
    neue neuen neuer neues neuem | neun neuntel | neuheit neulich erneuern neun | neu neue neuen neuer | groß
    große großen großer großes großem | größe größen groschen | größer größte größe größen | groß große großen
    groschen | frage fragen | fracht fragment | fragt gefragt zahl zahlen | zahn zahm zählen zählt zähler |
    zahlt gezahlt zählen zählt zählte gezählt | zahl zahlen zahlt | zählung regierung regierungen | region
    regionen regie register | regieren regiert region regionen | regie regierung regen | regional kraft kräfte
    kräften | kräftig krach | vertrag verträge verträgen vertrages vertrags | vertragen verträglich vertreter
    | vertraglich jahr jahre jahren jahres jahrs | jäh | jährlich markt märkte märkten marktes markts | marke
    marken markieren | gebühr gebühren | geber gebären | gebührend fläche flächen | flach flache flachen
    flachs | öffentlich öffentliche öffentlichen öffentlicher öffentliches öffentlichem | offen offene ofen |
    öffentlichkeit datei dateien | daten datum datiert | datum daten | datei dateien | paket pakete paketen
    pakets paketes | pack packen packung | packt verzeichnis verzeichnisse verzeichnissen verzeichnisses |
    zeichnis zeichen verzeihen | verzeichnen programm programme programmen programms | programmierer
    programmierung | programmieren benutzen benutzt benutzte benutzten | nutzen nutzt | benutzer benutzung
    prüfen prüft prüfte prüften geprüft | prof | prüfung erhalten erhält | halten hält | erhaltung zentrum
    zentren zentrums | zentral zentner | thema themen themas | | thematisch museum museen museums | muse muss
    | einwohner einwohnern einwohners | einwand wohnen | einwohnerin fehler fehlern fehlers | fehlen fehlt |
    fehlerhaft
""")

HELD_OUT: tuple[WordFamily, ...] = word_families("""
    buch bücher büchern buches buchs | buche buchen bucht büchse | buchung
    wald wälder wäldern waldes | wall wälle | bewaldet
    feld felder feldern feldes | fell felle fels |
    raum räume räumen raumes | räumt rahm rahmen | räumlich
    amt ämter ämtern amtes amts | ampel | amtlich
    gesetz gesetze gesetzen gesetzes | gesäß | gesetzlich setzen
    schule schulen | schuld schulden schuldig schultern | schüler schulung
    schuld schulden | schule schulen schüler schulung | schuldig
    schüler schülern schülers | schule schulen schal | schülerin
    projekt projekte projekten projekts projektes | projektor projektion | projektieren
    dienst dienste diensten dienstes | dienen diener dienstag | dienstlich
    beruf berufe berufen berufs berufes | berufung ruf rufen | beruflich
    haushalt haushalte haushalten haushalts haushaltes | halt halten | haushälterisch
    behörde behörden | hort hören beheben | behördlich
    minister ministern ministers | ministerium ministerien mini | ministerin ministeriell
    ministerium ministerien ministeriums | minister ministern |
    rat räte räten rates rats | rate raten ratte ratten | beraten
    rate raten | rat räte räten ratte |
    unternehmen unternehmens | nehmen nehmer | unternehmer
    unternehmer unternehmern unternehmers | nehmen | unternehmen unternehmerin
    kosten | kost kostüm | kostet köstlich
    verwaltung verwaltungen | walten wald | verwalten verwalter
    entwicklung entwicklungen | wickel wicklung | entwickeln entwickler
    entwickler entwicklern entwicklers | wickel | entwicklung entwicklungen entwickeln
    liste listen | list listig leiste leisten |
    leistung leistungen | liste listen leiste leisten |
    system systeme systemen systems | | systematisch
    frau frauen | froh freude | fräulein
    mann männer männern mannes | manne manch mannschaft |
    gut gute guten guter gutes gutem | güte gütig |
    alt alte alten alter altes altem | altar |
    europäisch europäische europäischen europäischer europäisches europäischem | europa | europäer
    national nationale nationalen nationaler nationales nationalem | nation nationen | nationalität
    aktiv aktive aktiven aktiver aktives aktivem | aktie aktien akt akten aktion | aktivität
    wichtig wichtige wichtigen wichtiger wichtiges wichtigem | wicht | wichtigkeit
    bestimmt bestimmte bestimmten bestimmter bestimmtes bestimmtem | stimme stimmen | bestimmung
    installieren installiert installierte installierten | stall ställe | installation
    führen führt führte führten geführt | fuhr fuhre fahren | führung führer
    machen macht machte machten gemacht | mächtig machtlos |
    kaufen kauft kaufte kauften gekauft | käufer verkaufen | kauf
    verkaufen verkauft verkaufte verkauften | kaufen kauft verkäufer |
    steuer steuern | stein steil | steuerlich
    preis preise preisen preises | preiselbeere preußen | preislich
    straße straßen | strass streng |
    brüssel brüssels | brust brüste | brüsseler
    wahl wahlen | wal wale wählen wählt wähler |
    wählen wählt wählte wählten gewählt | wahl wahlen wähler | auswählen
    bericht berichte berichten berichts berichtes | gericht richten | berichtet
    gericht gerichte gerichten gerichts | bericht berichte richten | gerichtlich
    version versionen | vers verse versen versorgen |
    konto konten kontos | kontor kontakt kontra |
    risiko risiken risikos | riss |
    bau bauten baus | bauch bauer bauern baum | bauen
    kapital kapitals | kapitel kapiteln kapitän | kapitalist
    kapitel kapiteln kapitels | kapital kapitals |
    sprache sprachen | sprach sprich | sprechen sprachlich
    woche wochen | wocher wachs wachen | wöchentlich
    zweck zwecke zwecken zwecks zweckes | zwack |
    grund gründe gründen grundes | grün grüne | gründlich gründung
    gründung gründungen | grund grün | gründen
""")
