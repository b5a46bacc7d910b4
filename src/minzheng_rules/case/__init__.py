"""What people enter: the vocabulary of a case, reading it, checking it, writing it.

Nothing is imported here; take what you need from its own module:

- ``case.case``: :class:`~minzheng_rules.case.case.Case`, read from YAML, JSON or plain data, written canonically;
- ``case.household``: the models of a household, which are the vocabulary of social assistance;
- ``case.vocabulary``: declaring kinds and facts of one's own, and describing them to a rule language;
- ``case.quantities``: the types of facts; ``case.reading``: files; ``case.schema`` and ``case.template``: forms.
"""
