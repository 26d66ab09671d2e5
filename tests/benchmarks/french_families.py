"""Families of French words, written down before any stemmer was asked about them.

The stemmer was made with the first list in view; the second was looked at when it was done, and nothing was
changed because of it.
"""

from word_families import WordFamily, word_families

IN_VIEW: tuple[WordFamily, ...] = word_families("""
    égalité égalités | également égaler égal égale égaux légalité | inégalité
    logement logements | log logs logique logiciel loge loges | loger logé logent
    parti partis | part parts partie parties partir partons partage |
    partie parties | part parti partis partir partiel | partiellement
    part parts | parti partie partir partage partagé partant |
    partir partira partirait | part parts parti partis partie parties parc |
    sort sorts | sorti sortir sorte sortes sortie |
    sortir sortira sortent sortait | sort sorts sorte sortes |
    commune communes | communication communications communiquer communiqué communauté | communal communaux
    communication communications | commune commun communal communauté | communiquer communiqué
    port ports | portant porte portes porter porté portée | portuaire
    porter portons portera porteront portait portaient | port ports portail portrait | porteur
    publicité publicités | publique public publics publiques publication | publicitaire
    public publique publics publiques | publicité publication publier publié | publiquement
    droit droits | droite droites | droiture
    activité activités | actif active action acte actes actualité actuel |
    social sociale sociaux sociales | société sociétés socialisme | socialement
    société sociétés | social sociale sociaux associé | sociétal
    national nationale nationaux nationales | nation nations nationalité | nationalement
    travail travaux | travers travailleur travaille | travailler travaillé
    travailleur travailleurs travailleuse travailleuses | travail travaux | travailler
    emploi emplois | employé employés employeur | employer
    général générale généraux générales | génération générations génie généreux | généralement
    politique politiques | police polices policier poli | politiquement
    région régions | régime régional régionale registre | régionaliser
    régional régionale régionaux régionales | région régions | régionalement
    jeu jeux | jeune jeunes jeudi | jouer
    oeil yeux | yeuse |
    ciel cieux | cible |
    entreprise entreprises | entre | entrepreneur entreprendre
    économie économies | économique économiques économiste écologie | économe
    économique économiques | économie économies écologique | économiquement
    formation formations | forme formes format formats formule | former formé
    former formé formée formés formées forment formera formait | formation formations formule format |
    formateur gestion gestions | geste gestes gérer | gestionnaire développer développé développée développés
    développées développent développera développait | développement développements | développement
    développements | enveloppe | développer développé construire construit construite construits construites
    construisent construira | construction constructions instruire | constructeur prévoir prévu prévue prévus
    prévues prévoit prévoient | prévoyance préavis | prévision mettre met mettent mettra | mètre mètres métro
    maître | mise finir fini finie finis finies finissent finira finit | fin fins finance final fine | établir
    établi établie établis établies établissent établira établit | établissement établissements étable | agir
    agi agit agissent agira agissait | agent agents âge âges agence | agissements grand grande grands grandes
    | grandeur grange | grandir nouveau nouvelle nouveaux nouvelles nouvel | nouveauté nouvellement neuf |
    ancien ancienne anciens anciennes | ancienneté ancre | anciennement actif active actifs actives | action
    activité acte actuel | activement activer européen européenne européens européennes | europe | premier
    première premiers premières | primaire prime primes | premièrement nombreux nombreuse nombreuses | nombre
    nombres | nombreusement bruxellois bruxelloise bruxelloises | bruxelles | habitant habitants habitante
    habitantes | habit habits habitude habitat | habiter habitation marché marchés | marche marches marcher |
    marchand plan plans | plane plante planter plantes planète plant | planifier planification cours | course
    courses court cour coursier | poste postes | poser posé position possible | postal prix | prise prises
    prime primes prier | pays | paye paysage paysan payer | fois | foi foie | choix | choisir choisi | loi
    lois | loin loisir loisirs | financer financé financée financés financées financent financera | fin final
    finance finances | financement mesure mesures | messe mes mesurable | mesurer mesuré étude études |
    étudiant étudiants | étudier étudiant étudiants étudiante étudiantes | étude études | étudier
""")

HELD_OUT: tuple[WordFamily, ...] = word_families("""
    ville villes | vil vilain village villages villa | villégiature
    village villages | ville villes |
    conseil conseils | consigne | conseiller conseillers conseillère
    conseiller conseillers conseillère conseillères | consigne | conseil conseils
    école écoles | écologie écologique écologiques | écolier
    santé santés | sans sang | sanitaire
    transport transports | transporteur transposer transfert | transporter transporté
    qualité qualités | qualifié qualification qualificatif | qualitatif
    budget budgets | | budgétaire
    budgétaire budgétaires | | budget budgets
    service services | servir serveur serviette | serviable
    administration administrations | administrateur administrateurs | administrer administré administratif
    administratif administrative administratifs administratives | administration administrateur |
    administrativement directeur directeurs directrice directrices | direct direction directions directive |
    diriger important importante importants importantes | importer importé importation import | importance
    décision décisions | décisif décile | décider décidé décider décidé décidée décidés décidées décident
    décidera décidait | décision décisions décès | décideur local locale locaux locales | location locataire
    localité loc | localement location locations | local locaux | locataire enfant enfants | enfance enfin |
    enfantin niveau niveaux | nivelle neveu | niveler lieu lieux | lieue lien | lieutenant journal journaux |
    jour jours journée | journaliste jour jours | journal journaux | journée journées projet projets |
    projeter projeté projection | projecteur objectif objectifs | objet objets objection objecteur |
    objectivement objet objets | objectif objectifs objection | objecter réduire réduit réduite réduits
    réduites réduisent réduira | réduction réductions conduire | recevoir reçu reçue reçus reçues reçoit
    reçoivent recevra | recette récent | réception vendre vendu vendue vendus vendues vendent vendra | vente
    ventes vendredi vent | vendeur utiliser utilisé utilisée utilisés utilisées utilisent utilisera utilisait
    | utile utiles utilité | utilisation utilisateur renforcer renforcé renforcée renforcés renforcées
    renforcent renforcera | force forces | renforcement payer payé payée payés payées payent paiera | pays
    paysage | paiement changer changé changée changés changées changent changeait changera | chance |
    changement commencer commencé commencée commencés commencées commencent commençait | commerce comment
    commenter | commencement appeler appelé appelée appelés appelées appelle appellent | appel appels
    appellation | appelant gérer géré gérée gérés gérées gèrent | gestion gestions | gérant choisir choisi
    choisie choisis choisies choisissent choisira choisit | choix | sûr sûre sûrs sûres | sur sureté |
    sûrement long longue longs longues | longueur longer | longuement blanc blanche blancs blanches | blanchir
    | blancheur heureux heureuse heureuses | heure heures heurt | citoyen citoyenne citoyens citoyennes | cité
    | citoyenneté chômeur chômeurs chômeuse chômeuses | chômage | chômer membre membres | membrane | taux |
    taupe tas | réseau réseaux | réserve | eau eaux | | aquatique avis | avide vis | aviser période périodes |
    péril | périodique
""")
