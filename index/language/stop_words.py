"""Stop words: articles, pronouns, auxiliary verbs and others that are on nearly every page.

They are ignored when words are searched by stem, and kept in phrases. They are listed as
:func:`index.text.analysis.tokens` gives words: lower case, with accents, elided articles and clitics
separate.
"""

from archive.languages import Language

_DUTCH = """
    aan al alle alleen als ander andere anderen behalve beide ben bent bij binnen daar daarbij daardoor
    daarin daarna daarnaast daarom daarop daarvan daarvoor dan dat de deze dezelfde die dit doen doet door
    dus echter een eén één eigen elk elke en enkel er ervan ervoor even gaan gaat geen geworden haar had
    hadden heb hebben hebt heeft hem hen het hier hierbij hierdoor hierin hiermee hierop hiervan hiervoor
    hij hoe hun ieder iedere iemand iets ik in indien is ja je jou jouw jullie kan konden kon kunnen kunt
    maar mag me mee meer men met mij mijn moest moesten moet moeten mogen na naar nadat niet niets niemand
    nog nu of om omdat onder ons onze ook op over reeds s sinds sommige steeds t te tegen ten ter terwijl
    toch toen tot tussen u uit uw van vanaf vanuit veel via volgens voor vooral waar waarbij waardoor
    waarin waarop waarvan waarvoor wanneer want waren was wat we wel welk welke werd werden wie wij wil
    willen worden wordt zal ze zeer zelf zich zij zijn zo zoals zodat zonder zou zouden zowel zulke zullen
"""

_FRENCH = """
    à afin ai ainsi alors après au aucun aucune auquel aussi autre autres aux auxquelles auxquels avaient
    avait avant avec avoir ayant c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque
    chez ci comme comment d dans de depuis des dès donc dont du duquel elle elles en encore entre est et
    étaient était être eu eux fait faire fut ici il ils j je jusqu jusque l la là laquelle le
    lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais me même mêmes mes moi moins
    mon n ne ni nos notamment notre nous on ont ou où par parmi pas pendant peut peuvent plus pour
    pourquoi puis puisqu puisque qu quand que quel quelle quelles quels qui quoi quoiqu s sa sans se selon
    sera seront ses si soit sont sous suivant sur t ta tandis te tel telle telles tels tes toi ton tous
    tout toute toutes tu un une vers via vos votre vous y
"""

_ENGLISH = """
    a about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could d did do does doing down during each either few for from further
    had has have having he her here hers herself him himself his how however i if in into is it its itself
    ll m may me might more most must my no nor not of off on once only or other our ours out over own re s
    same shall she should so some such t than that the their theirs them themselves then there therefore
    these they this those through to too under until up upon us ve very was we were what when where
    whether which while who whom whose why will with within without would you your yours
"""

_GERMAN = """
    aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
    aus bei beim bereits bin bis bist da dabei dadurch dafür daher damit dann daran darauf darin darüber
    das dass dasselbe davon dazu dein deine dem den denen denn der deren des dessen die dies diese diesem
    diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwa etwas euch euer für
    gegen hab habe haben hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im
    in indem ins ist jede jedem jeden jeder jedes jedoch jene kann kein keine keinem keinen keiner können
    könnte mehr mein mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne s sehr sein seine
    seinem seinen seiner seit selbst sich sie sind so sofern solche soll sollen sollte sondern sowie über
    um und uns unser unter viel vom von vor war waren was weil welche welchem welchen welcher welches wenn
    wer werde werden wie wieder will wir wird wo wurde wurden während zu zum zur zwar zwischen
"""

STOP_WORDS: dict[Language, frozenset[str]] = {
    "nl": frozenset(_DUTCH.split()),
    "fr": frozenset(_FRENCH.split()),
    "en": frozenset(_ENGLISH.split()),
    "de": frozenset(_GERMAN.split()),
}
