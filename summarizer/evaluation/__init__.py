"""The eval suite: cases, scores, intervals, comparisons and reports.

Used as a library or through ``summarizer eval``. Import from the modules: ``cases`` (folders), ``runner``
(engine over cases), ``scoring`` (one article), ``report`` (a run), ``bootstrap`` (how sure figures are).
"""
