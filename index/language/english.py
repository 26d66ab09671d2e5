"""The English stemmer: forms of one word share a stem; look-alikes and derived words do not.

It handles inflection only: plurals, and -s, -ed and -ing of verbs. *University* and *universe*, *policy* and
*police*, *import* and *important*, *general* and *generation* stay apart. Irregular verbs (*built*, *taken*)
and comparatives are left as they are; a list has the nouns that matter (*children*, *criteria*).
"""

import re

from index.language.folding import fold
from index.language.word_endings import first_rule, forms, rules, words

_IRREGULAR = forms("""
    child: children, grandchild: grandchildren, man: men, woman: women, foot: feet, tooth: teeth, mouse:
    mice, goose: geese, ox: oxen, penny: pence, bus: buses, gas: gases, lens: lenses, taxi: taxis, menu:
    menus, alibi: alibis, criterion: criteria, phenomenon: phenomena, datum: data, bacterium: bacteria,
    curriculum: curricula, memorandum: memoranda, referendum: referenda, addendum: addenda, consortium:
    consortia, stimulus: stimuli, nucleus: nuclei, radius: radii, alumnus: alumni, index: indices indexes,
    appendix: appendices, matrix: matrices, vertex: vertices, analysis: analyses, basis: bases, crisis:
    crises, thesis: theses, hypothesis: hypotheses, diagnosis: diagnoses, synthesis: syntheses, parenthesis:
    parentheses, axis: axes, oasis: oases, emphasis: emphases, life: lives, knife: knives, wife: wives,
    half: halves, shelf: shelves, self: selves, thief: thieves, loaf: loaves, wolf: wolves, calf: calves,
    die: dying, lie: lying, tie: tying, unite: united uniting, agree: agreed, disagree: disagreed,
    guarantee: guaranteed, free: freed, decree: decreed, referee: refereed
""")

_UNCHANGED = words("""
    news series species means goods customs thanks headquarters premises outskirts clothes always perhaps
    sometimes towards afterwards besides nowadays overseas upstairs downstairs whereas lens corps mars
    brussels wales netherlands bias canvas atlas alias christmas texas chaos cosmos ethos pathos diabetes
    rabies yes gas has was politics economics ethics physics mathematics logistics athletics electronics
    genetics dynamics linguistics acoustics aesthetics gymnastics analytics robotics mechanics hundred naked
    sacred hatred kindred wicked embed indeed need seed feed speed exceed proceed succeed breed bleed weed
    deed greed creed steed during being something anything nothing everything evening morning ceiling
    wedding lightning pudding sibling herring offspring darling sterling according notwithstanding housing
    parking marketing training building meeting clothing engineering incoming outgoing ongoing upcoming
    paste caste suite aide morale humane locale rationale finale clothe breathe bathe corpse envelope
    heroine unite
""")
"""Words that end like a form and are none; nouns that have become words of their own (*housing*)."""

_PLURAL = rules("""
    ..[dekmnrst]  men  man    # chairmen
    .             ies  i      # policies; policy ends on i as well
    [^aiousy]     s           # plans, taxes
    y             s           # days
    ..[ao]        s           # agendas, photos
""")
_VERB = rules("""
    .             ied  i    # applied
    [aeiouy].*    ed        # planned
    [aeiouy].*    ing       # planning
""")

_DOUBLE_CONSONANT = re.compile(r"(..+)([^aeiouy])\2")
_SHORT = re.compile(r"(?:[^aeiouy]|qu|y(?=[aeiou]))*[aeiouy][^aeiouywx]")
"""One syllable with one consonant after one vowel, where an e makes another word: *plan* and *plane*."""


def english(word: str) -> str:
    """The stem of a word in its verbatim form."""
    word = fold(word)
    if len(word) > 3 and word not in _UNCHANGED and word not in _IRREGULAR:
        word = first_rule(_PLURAL, word)
    word = _IRREGULAR.get(word, word)
    if word in _UNCHANGED:
        return word
    without = first_rule(_VERB, word)
    return _closed(without, lost_e=without != word)


def _closed(word: str, *, lost_e: bool) -> str:
    """The end of a word without what differs between its forms: a double consonant, a silent e, y or i."""
    if len(word) > 3 and (double := _DOUBLE_CONSONANT.fullmatch(word)):
        return double[1] + double[2]  # planned, call
    if lost_e and _SHORT.fullmatch(word):
        return word + "e"  # placed, used
    if word.endswith("e") and not word.endswith("ee") and len(word) > 2 and not _SHORT.fullmatch(word[:-1]):
        word = word.removesuffix("e")  # require, as required
        return _closed(word, lost_e=False) if word[-1:] == word[-2:-1] else word  # programme
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou" else word
