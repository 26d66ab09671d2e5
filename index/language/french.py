"""The French stemmer: forms of one word share a stem; look-alikes and derived words do not.

It handles inflection only: plurals, feminine forms, and endings of verbs. *Logement* and *loger*, *publicité*
and *publique*, *commune* and *communiquer* stay apart. Verbs of the first group keep an e (*porter* becomes
``porte``), so that none meets the noun that it comes from (*port*).

Accents are removed first, so that a word typed without them has the same stem: *activite* is *activité*. Then
come the lists of irregular words, the plural, the feminine and the verb, in this order. Participles in -is
(*permis*) are as often other words as verb forms, so they are left alone; so is the first person plural
(*nous portons*), which looks like the plural of a noun.
"""

import re
from collections.abc import Iterator

from index.language.folding import fold
from index.language.word_endings import every_rule, first_rule, forms, rules, words

_ACCENTED = {
    "marché": "marchee",
    "marchés": "marchee",
    "côté": "cotee",
    "côtés": "cotee",
    "diffèrent": "differe",
}
"""Words that differ from another only in an accent: *marche*, *côte*, *différent*."""

_ERER = re.compile(r"ér(?:ais|ait|aient|i?ez)\Z")
"""*Espérait*, which without its accent could be a future, as *porterait*."""

_IRREGULAR = forms("""
    an: ans, oeil: yeux, ciel: cieux, aieul: aieux, travail: travaux, mal: maux, val: vaux, bail: baux,
    vitrail: vitraux, corail: coraux, materiau: materiaux, tuyau: tuyaux, noyau: noyaux, joyau: joyaux,
    boyau: boyaux, fleau: fleaux, preau: preaux, ideal: ideaux, jeu: jeux, enjeu: enjeux, lieu: lieux,
    milieu: milieux, voeu: voeux, aveu: aveux, feu: feux, cheveu: cheveux, neveu: neveux, dieu: dieux,
    adieu: adieux, bijou: bijoux, caillou: cailloux, chou: choux, genou: genoux, emploi: emplois, loi: lois,
    envoi: envois, renvoi: renvois, octroi: octrois, convoi: convois, roi: rois, tournoi: tournois, paroi:
    parois, delai: delais, essai: essais, vrai: vrais vraie vraies, quai: quais, balai: balais, minerai:
    minerais, nouveau: nouvel nouvelle nouvelles, beau: bel belle belles, vieux: vieil vieille vieilles,
    fou: folle folles, blanc: blanche blanches, franc: franche franches, sec: seche seches, frais: fraiche
    fraiches, public: publique publiques, laic: laique laiques, turc: turque turques, grec: grecque
    grecques, long: longue longues, doux: douce douces, faux: fausse fausses, epoux: epouse epouses, jaloux:
    jalouse jalouses, gros: grosse grosses, bas: basse basses, gras: grasse grasses, epais: epaisse
    epaisses, expres: expresse expresses, bon: bonne bonnes, breton: bretonne bretonnes, wallon: wallonne
    wallonnes, champion: championne championnes, paysan: paysanne paysannes, ambigu: ambigue ambigues, nul:
    nulle nulles, pareil: pareille pareilles, gentil: gentille gentilles, net: nette nettes, muet: muette
    muettes, cadet: cadette cadettes, sujet: sujette sujettes, neuf: neuve neuves, bref: breve breves, veuf:
    veuve veuves, favori: favorite favorites, roux: rousse rousses, entrer: entrent entrait entraient
    entrera entreront entrerait entres, servi: sert, partir: partent partait partaient partira partirait
    partiraient partiront partit, voir: voit voient voyait voyaient, croire: croit croient croyait
    croyaient, etre: soient soyez, prevoir: prevoit prevoient prevoyait prevoyaient prevoira prevu prevus
    prevue prevues
""")

_INVARIABLE = words("""
    cours fonds fils corps temps sens mars gens divers univers pervers tiers gros gras bras epais expres
    confus avis preavis devis permis mis soumis promis admis emis commis remis transmis compromis omis pris
    acquis requis conquis precis concis insoumis exquis indecis compris appris repris surpris entrepris
    incompris epris revers envers travers assis sursis gris paris louis colis tapis paradis tennis oasis
    debris puis depuis tres logis capitale revenu tenue medecine commune droite decouverte partie partir
    armee donnee annee duree portee pensee entree rentree montee journee soiree vallee maree lignee minerai
    taux faux chaux deux mieux ceux peux veux vieux
""")
"""Singulars that look like a plural; nouns that look like a feminine or participle of another word."""

_PLURAL = rules("""
    ^|.                eaux  eau    # réseaux
    ..                 aux   al     # nationaux
    .[^aeiou]i|ui|..u  s            # établis, appuis, prévus
    ...[ao]            s            # agendas, euros
    [^a]y|way          s            # jurys, tramways
    ..[^aiousy]        s            # villes, droits
""")

_MASCULINES = words("""
    grand petit haut court lourd sourd chaud froid fort vert ouvert couvert offert expert mort saint plein
    serein etroit adroit parfait imparfait satisfait abstrait direct indirect exact correct incorrect strict
    distinct intact compact suspect candidat avocat delicat immediat adequat inadequat plat laureat ingrat
    second profond rond blond fecond allemand flamand normand marchand gourmand clair noir pur futur obscur
    sur mur seul civil subtil espagnol sain vain cousin conseiller musulman catalan partisan gris soumis
    permis promis admis transmis commis remis mis pris compris acquis requis conquis assis divers pervers
    confus gratuit fortuit interdit dit inedit maudit conjoint adjoint joint restreint voisin feminin
    masculin clandestin latin divin echevin brun complet incomplet concret discret secret inquiet cher leger
    etranger passager menager amer messager meilleur majeur mineur superieur inferieur interieur exterieur
    anterieur posterieur ulterieur auteur professeur procureur gouverneur ingenieur recouvert idiot defunt
    enfantin anodin maladroit bavard viril gamin orphelin laid nain bovin alpin citadin romand abrupt appris
    insoumis indecis exquis
""")
"""Adjectives and a few nouns whose feminine has one more e; most words in -e are no feminine: *porte*."""

_IN_ENT = words("""
    souvent president argent vent accident content mecontent client different indifferent agent cent
    excellent precedent talent orient occident evident patient impatient equivalent accent intelligent
    continent consequent violent parent incident recent permanent conscient inconscient absent dent innocent
    urgent serpent adolescent lent couvent prudent imprudent sergent resident frequent concurrent competent
    incompetent coherent incoherent transparent pertinent inconvenient coefficient efficient inefficient
    torrent influent present excedent contingent recurrent regent apparent ardent emergent fervent imminent
    polyvalent persistent recipient affluent eminent ingredient quotient decent indecent divergent
    convergent omnipresent adherent inherent afferent insolent referent dissident reticent antecedent
    negligent eloquent virulent indulgent intermittent turbulent gradient latent adjacent deficient effluent
    exigent diligent strident convalescent ambivalent detergent comment ferment serment tourment ressent
    consent
""")
"""Nouns and adjectives in -ent. Other words in -ent are verbs (*portent*), except most words in -ment."""

_IN_ANT = words("""
    autant auparavant avant cependant dorenavant maintenant moyennant nonobstant pendant pourtant tant
    abondant accablant aidant aimant amant ambiant ambulant amusant apprenant arrivant arrogant ascendant
    aspirant assaillant assistant attaquant attenant attrayant avenant avoisinant battant bienveillant
    bouillant brillant bruyant carburant chant charmant choquant clignotant colorant combattant commandant
    commercant composant concluant confiant conquerant consentant constant constituant consultant contenant
    contraignant contrevenant convaincant correspondant courant croissant debutant decevant defaillant
    delinquant dependant descendant determinant devant diamant dirigeant distant doctorant dominant elegant
    elephant enfant enseignant entrant environnant errant etonnant etudiant exigeant existant exorbitant
    exploitant exposant fabricant figurant flagrant florissant gagnant gant garant geant gerant glissant
    habitant identifiant ignorant immigrant important imposant impressionnant impuissant incessant
    independant inexistant innovant inquietant insignifiant instant insuffisant interessant intervenant
    itinerant lieutenant manifestant manquant marquant marrant mechant menacant mendiant migrant militant
    montant mourant mutant naissant negociant occupant operant opposant participant partant passant payant
    penchant perdant performant persistant pesant plaignant plaisant plant polluant poursuivant preoccupant
    prenant preponderant prestant pretendant probant protestant puissant rassurant rayonnant reconnaissant
    redevant remplacant repondant representant requerant residant resistant ressortissant restant restaurant
    resultant roulant saillant satisfaisant savant servant soignant sortant souffrant stimulant stupefiant
    suffisant suivant suppleant surprenant surveillant survivant sympathisant tolerant touchant tournant
    trafiquant traitant vacant vaillant variant versant vibrant vigilant vivant volant votant voyant
""")
"""Nouns and adjectives in -ant. Other words in -ant are participles: *portant*."""

_NO_VERBS = (
    _IN_ENT
    | _IN_ANT
    | words("""
    lait trait extrait portrait retrait attrait abstrait distrait souhait parfait imparfait forfait
    satisfait bienfait fait defait etranger passager usager menager messager berger rocher clocher plancher
    verger boulanger oreiller conseiller leger foyer manager poster
""")
)
"""Other words that end like a verb and are none: *souhait*, *usager*."""

_VERBS_IN_IER = words("""
    oublier verifier etudier publier identifier justifier modifier apprecier beneficier remercier marier
    crier negocier qualifier confier prier nier associer sacrifier varier copier allier plier multiplier
    relier concilier signifier lier privilegier simplifier remedier mefier soucier rallier differencier
    defier approprier pallier refugier humilier clarifier planifier reconcilier trier initier rectifier
    diversifier envier amplifier replier devier resilier expedier licencier edifier supplier contrarier
    dissocier intensifier unifier rapatrier specifier quantifier certifier mendier fructifier dedier
    ratifier recopier notifier glorifier incendier fortifier exproprier photographier cartographier
    repertorier inventorier requalifier electrifier codifier densifier convier parier purifier tarifier
    personnifier exemplifier falsifier solidifier pacifier bonifier gratifier mystifier stupefier liquefier
    scier skier epier demultiplier affilier radier repudier
""")
"""The others in -ier are nouns and adjectives: *premier*, *quartier*."""

_NO_FEMININES = words("""
    signale etale avale arrive prive cultive motive derive archive esquive poursuive suive ecrive inscrive
    survive croise apaise entraine traine chante plante implante vante appelle rappelle renouvelle graine
    gaine vive priere vente presente accidente argente serpente patente
""")
"""Forms of verbs, and nouns, that end like the feminine of an adjective."""

_FEMININE = rules("""
    ..              ale         al      # nationale
    ..              elle        el      # actuelle
    ..              ive         if      # active
    ..              trice       teur    # directrice
    ..              drice       deur    # ambassadrice
    ..  eu(?:se|x)  eur  # travailleuse; heureux, heureuse: none of these is made of a word in -eur
    .[ey]|.(?<!v)i  enne        en      # ancienne, européenne
    ..              aine        ain     # urbaine
    ..              oise        ois     # bruxelloise
    ...             aise        ais     # française
    ..              iere        ier     # première
    ..              ante        ant     # importante
""")

_FUTURE = "r(?:a|as|ai|ais|ait|aient|i?ez|ion|ont)"
_OTHER = "(?:e|ent|ait|aient|ez|ant)"
"""The endings that follow the infinitive, and most that follow the root."""

_VERB_IRREGULAR = rules(rf"""
    ^(?:ap|com|re|entre|sur)?p  ren(?:d|dre|d{_FUTURE}|n?{_OTHER})  rende  # apprennent
    ^r|[vtp]|def|desc  end(?:|re|{_FUTURE}|ue?)  ende  # vendre, attendu
    rep|resp|conf      ond(?:|re|{_FUTURE}|ue?)  onde  # répondre
    p                  erd(?:|re|{_FUTURE}|ue?)  erde  # perdre
    ^(?:ad|com|e|o|per|pro|re|sou|trans)?m  et(?:|tre|t{_FUTURE})  ette  # permettre
    b                  att(?:re|{_FUTURE}|ue?)  atte   # battre
    ^(?:appar|con|de|entre|main|ob|re|sou)?t  en(?:ir|ue?|ait|aient|ez|ant)  enir  # obtenir, contenu
    ^(?:appar|con|de|entre|main|ob|re|sou)?t  ien(?:t|ne|nent|d{_FUTURE})  enir  # obtient
    ^(?:con|de|inter|par|pre|pro|re|sub|sur)?v  en(?:ir|ue?|ait|aient|ez|ant)  enir  # devenir
    ^(?:con|de|inter|par|pre|pro|re|sub|sur)?v  ien(?:t|ne|nent|d{_FUTURE})  enir  # devient
    ^(?:aper|con|de|per|re)c  (?:evoir|ev{_FUTURE}|oi?t|oivent|ev{_OTHER}|ue?)  evoir  # recevoir, reçu
    con                n(?:aitre|ait{_FUTURE}|ait|aiss{_OTHER}|ue?)  nait  # connaître, connu
    ^(?:ap|com|dis)?p  ar(?:aitre|ait{_FUTURE}|ait|aiss{_OTHER}|ue?)  arait  # paraître, paru
    ^(?:con|ex|in)c    l(?:ure|u{_FUTURE}|u[ts]?e?|u{_OTHER})  lu  # inclure, inclus
    ..d|str|detr       ui(?:re|{_FUTURE}|s{_OTHER}|te?)  uit  # réduire, construit
    .                  cri(?:re|{_FUTURE}|v{_OTHER}|te?)  crit  # écrire, inscrivent
    [sv]uiv|^viv|surv  (?:re|{_FUTURE})       e        # suivre
    interd|contred     i(?:re|{_FUTURE}|s{_OTHER}|te?)  it  # interdire
    atte|ete|rejo|^jo|contra|cra|restre  i(?:ndre|nd{_FUTURE}|gn{_OTHER})  int  # atteindre
    cueill             (?:{_OTHER}|e{_FUTURE})  i      # accueillent
    ouv|off|souff      r(?:ir|i{_FUTURE})     re       # ouvrir
    ^(?:re|res)?sort|^(?:des)?serv|^(?:con|res)?sent|^(?:en|re)?dorm  (?:ent|ait|aient|ez|ant)  i  # sortent
""")

_VERB = rules(rf"""
    .[^aeou](?<!^gl|^pl)  iss(?:ent|ait|aient|ez|ant)  i  # finissent
    ^f|^m|^ag|reag|^un|reun|about|chois|reuss  it                i  # finit
    fin|abl|fourn|garant|mpl|invest|^sub|pun  it                i
    rand|larg|rich|ranch|flech|part|durc|nourr|adouc|ejou  it                i
    ..(?<!^t)(?<!ret)(?<!att)(?<!sp)(?<!des)(?<!adm)(?<!^v)  i{_FUTURE}        i  # finira; not tirait
    ..(?<![aou])          ir                i      # finir
    ess|rel|bal           aient             aye    # essaient
    sugg|consid|pref|gen|op|lib|esp|^g|diff|conf  erent             ere  # considèrent
    transf|ref|ins|integ|accel|coop|adh|recup|mod  erent             ere
    ..                    e(?:{_FUTURE}|r)  e      # portera, porter
    ..                    e?(?:ait|aient|i?ez|erent|ant)  e  # portait, changeant
    rm|omm|stim|prim|anim|clam|ntam|[er]sum|ssum|llum  ent               e  # forment, estiment
    .[^m]                 ent               e      # portent
""")

_CLOSING = rules("""
    [^e]         ee+   e      # formée, créée
    [^aeiou]     ie    i      # établie; publie
    ..(?<![gq])  ue    u      # prévue; évalue
    .            aie   aye    # paie
    ..           oie   oye    # emploie
    app|enn|ess  uie   uye    # appuie
    app|nouv     elle  ele    # appelle, renouvelle
    j            ette  ete    # projette
""")
"""What feminines and verbs have in common at their end."""


def french(word: str) -> str:
    """The stem of a word in its verbatim form."""
    if word in _ACCENTED:
        return _ACCENTED[word]
    is_participle = word.removesuffix("s").endswith("é")
    word = fold(_ERER.sub("ere", word))
    if word not in _INVARIABLE and word not in _IRREGULAR:
        word = first_rule(_PLURAL, word)
    if word in _INVARIABLE or word in _IRREGULAR:
        return _IRREGULAR.get(word, word)
    if not is_participle and word not in _NO_FEMININES:
        word = _masculine(word)
    if word.endswith("ier"):
        return word.removesuffix("er") if word in _VERBS_IN_IER else word
    if word not in _NO_VERBS:
        word = first_rule((*_VERB_IRREGULAR, *_VERB), word)
    return every_rule(_CLOSING, word)


def french_spellings(word: str) -> Iterator[str]:
    """The spellings with accents, of a word without any, that have another stem: *marché* for *marche*."""
    yield from (accented for accented in _ACCENTED if fold(accented) == word)
    if found := re.fullmatch(r"(..+)e(s?)", word):
        yield f"{found[1]}é{found[2]}"
    if found := re.fullmatch(r"(..+)er(ais|ait|aient|i?ez)", word):
        yield f"{found[1]}ér{found[2]}"


def _masculine(word: str) -> str:
    if word.endswith("e") and (word[:-1] in _MASCULINES or word[:-1] in _IN_ENT):
        return word[:-1]
    return first_rule(_FEMININE, word)
