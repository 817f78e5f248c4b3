Columns
    Index Status        Lower        Upper       Primal         Dual  Type        Name
        0                  -1            1  0.000283414               Continuous  W1_0_0
        1                  -1            1 -0.000667035               Continuous  W1_0_1
        2            -1.82304      1.82268 -0.000188652               Continuous  b1_0
        3                   0            1            1               Integer     u1_0_0
        4                   0            1            1               Integer     u1_1_0
        5                   0            1           -0               Integer     u1_2_0
        6                   0            1            1               Integer     u1_3_0
        7                   0            1            1               Integer     u1_4_0
        8                   0            1           -0               Integer     u1_5_0
        9                   0            1           -0               Integer     u1_6_0
       10                   0            1           -0               Integer     u1_7_0
       11                   0            1           -0               Integer     u1_8_0
       12                   0            1            1               Integer     u1_9_0
       13                   0            1       0.0001               Continuous  W2_0_0
       14                   0            1       0.0001               Continuous  s2_0_0_0
       15                   0            1       0.0001               Continuous  s2_1_0_0
       16                   0            1            0               Continuous  s2_2_0_0
       17                   0            1       0.0001               Continuous  s2_3_0_0
       18                   0            1       0.0001               Continuous  s2_4_0_0
       19                   0            1            0               Continuous  s2_5_0_0
       20                   0            1            0               Continuous  s2_6_0_0
       21                   0            1            0               Continuous  s2_7_0_0
       22                   0            1            0               Continuous  s2_8_0_0
       23                   0            1       0.0001               Continuous  s2_9_0_0
       24             -1.0001            0      -0.0001               Continuous  b2_0
       25                   0            1            1               Integer     u2_0_0
       26                   0            1            1               Integer     u2_1_0
       27                   0            1           -0               Integer     u2_2_0
       28                   0            1            1               Integer     u2_3_0
       29                   0            1            1               Integer     u2_4_0
       30                   0            1           -0               Integer     u2_5_0
       31                   0            1           -0               Integer     u2_6_0
       32                   0            1           -0               Integer     u2_7_0
       33                   0            1           -0               Integer     u2_8_0
       34                   0            1            1               Integer     u2_9_0
       35                   1            1            1               Continuous  ONE
Rows
    Index Status        Lower        Upper       Primal         Dual  Name
        0             -1.0001          inf      -1.0001               on1_0_0
        1            -1.00012          inf     -1.00012               on1_1_0
        2            -1.00013          inf    -0.999975               on1_3_0
        3             -1.0001          inf    -0.999905               on1_4_0
        4            -1.00014          inf -0.000194933               on1_8_0
        5            -1.00012          inf     -0.99999               on1_9_0
        6                -inf      -0.0001      -0.0001               off1_2_0
        7                -inf      -0.0001      -0.0001               off1_5_0
        8                -inf      -0.0001 -0.000141748               off1_6_0
        9                -inf      -0.0001 -0.000170773               off1_7_0
       10                -inf            0      -0.9999               s2_at_most_u_0_0_0
       11                -inf            0      -0.9999               s2_at_most_u_1_0_0
       12                -inf            0      -0.9999               s2_at_most_u_3_0_0
       13                -inf            0      -0.9999               s2_at_most_u_4_0_0
       14                -inf            0            0               s2_at_most_u_8_0_0
       15                -inf            0      -0.9999               s2_at_most_u_9_0_0
       16                -inf            0            0               s2_at_most_w_0_0_0
       17                -inf            0            0               s2_at_most_w_1_0_0
       18                -inf            0 -1.10182e-17               s2_at_most_w_3_0_0
       19                -inf            0            0               s2_at_most_w_4_0_0
       20                -inf            0      -0.0001               s2_at_most_w_8_0_0
       21                -inf            0            0               s2_at_most_w_9_0_0
       22                  -1          inf      -0.0001               s2_at_least_w_2_0_0
       23                  -1          inf      -0.0001               s2_at_least_w_5_0_0
       24                  -1          inf      -0.0001               s2_at_least_w_6_0_0
       25                  -1          inf      -0.0001               s2_at_least_w_7_0_0
       26             -1.0001          inf      -1.0001               on2_0_0
       27             -1.0001          inf      -1.0001               on2_1_0
       28             -1.0001          inf      -1.0001               on2_3_0
       29             -1.0001          inf      -1.0001               on2_4_0
       30             -1.0001          inf      -0.0001               on2_8_0
       31             -1.0001          inf      -1.0001               on2_9_0
       32                -inf      -0.0001      -0.0001               off2_2_0
       33                -inf      -0.0001      -0.0001               off2_5_0
       34                -inf      -0.0001      -0.0001               off2_6_0
       35                -inf      -0.0001      -0.0001               off2_7_0

Model status: Optimal

Objective value: 1
Objective bound: 1
MIP rel gap: 0%
