"""Building the explanation of a decision from what the evaluator kept.

A *plan* is made once for each rule, condition, fact and figure of a rulebook: what every case's step of that sort says
alike, and how the rest of it is worked out. A *step* is one plan and one subject of one case, and works out what it says,
and the steps below it, when it is looked at: making a step costs less than a microsecond, however much it has to say. A
figure that several conditions use is one step. Afterwards the decisive steps are marked from the conclusion downwards.

======================  =================================================================================
module                  what it makes
======================  =================================================================================
``steps``               what a step and a plan are
``several``             the functions that make the steps below one another
``plans``               the plans of a rulebook: what a rule, a condition, an expression rests on
``conditions``          comparisons, lists, negations, statements about every member of a collection
``rules``               rules, with what is asked first and what is rounded
``exceptions``          rules that take the place of another
``bodies``              choices, tables, sums, groups, what is delegated
``awards``              other benefits that bear on an amount, and its rounding
``entries``             facts and figures
``texts``, ``values``   formulas with the numbers in; values in words and in JSON form
``marking``             which steps settle an answer
``conclusions``         the programs' answers
``citations``           what instruments are called
``building``            the trail of one decision
======================  =================================================================================
"""
