Model status
Optimal

# Primal solution values
Feasible
Objective 1
Objective_bound 1
MIP_rel_gap 0
# Columns -21 sparse
W1_0_0 0.0002834136696 0
W1_0_1 -0.0006670346019 1
b1_0 -0.0001886519387 2
u1_0_0 1 3
u1_1_0 1 4
u1_3_0 1 6
u1_4_0 1 7
u1_9_0 1 12
W2_0_0 0.0001 13
s2_0_0_0 0.0001 14
s2_1_0_0 0.0001 15
s2_3_0_0 0.0001 17
s2_4_0_0 0.0001 18
s2_9_0_0 0.0001 23
b2_0 -0.0001 24
u2_0_0 1 25
u2_1_0 1 26
u2_3_0 1 28
u2_4_0 1 29
u2_9_0 1 34
ONE 1 35
