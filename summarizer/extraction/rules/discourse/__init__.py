"""Which trial each sentence speaks of.

A trial is a cluster of designations (name, codes, registry numbers) or a study that is described without a name.
The article is walked once, sentence by sentence; a definite description ("the study") or no reference at all continues
the current trial, a designation or a newly introduced study changes it, and a cut introduction breaks the line: from
there on nothing is attributed until the text names or describes a trial again (the attribution guard).
"""

from summarizer.extraction.rules.discourse.model import Discourse as Discourse
from summarizer.extraction.rules.discourse.model import TrialNode as TrialNode
from summarizer.extraction.rules.discourse.walker import follow_discourse as follow_discourse

__all__ = ["Discourse", "TrialNode", "follow_discourse"]
