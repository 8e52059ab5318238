"""Names of drugs and diseases, found in text with exact offsets.

Dictionaries, INN stems, vocabulary files, local names.
"""

from summarizer.lexicon.abbreviations import expand_abbreviations as expand_abbreviations
from summarizer.lexicon.conditions import find_conditions as find_conditions
from summarizer.lexicon.drugs import find_drugs as find_drugs
from summarizer.lexicon.drugs import local_names as local_names
from summarizer.lexicon.mentions import ConditionMention as ConditionMention
from summarizer.lexicon.mentions import DrugMention as DrugMention

__all__ = [
    "ConditionMention",
    "DrugMention",
    "expand_abbreviations",
    "find_conditions",
    "find_drugs",
    "local_names",
]
