NAME test FREE
ROWS
 N COST
 L r_0
 L r_1
 G r_1_lo
 L r_2
 G r_2_lo
 E r_4
 G r_5
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 COST 1 r_0 1
 x_0 r_1 0.3333333333333333 r_1_lo 0.3333333333333333
 x_0 r_5 1
 x_1 COST -2 r_0 2
 x_1 r_1 1 r_1_lo 1
 x_1 r_4 1
 MARKER 'MARKER' 'INTEND'
 x_2 COST 3 r_1 1
 x_2 r_1_lo 1
 x_3 r_0 -0.5 r_1 1
 x_3 r_1_lo 1 r_4 1
 x_4 COST 0
 x_5 COST 1 r_4 1
 MARKER 'MARKER' 'INTORG'
 x_6 COST -1 r_0 1
 MARKER 'MARKER' 'INTEND'
 ONE COST 2.5
RHS
 RHS r_0 4
 RHS r_1 1.5
 RHS r_1_lo 0.1
 RHS r_2 1
 RHS r_2_lo -1
 RHS r_4 2
 RHS r_5 -3
BOUNDS
 BV BND x_0
 LO BND x_1 -1
 UP BND x_1 1
 FR BND x_2
 MI BND x_3
 UP BND x_3 3
 LO BND x_4 0
 PL BND x_4
 FX BND x_5 2
 LO BND x_6 -5
 UP BND x_6 -1
 FX BND ONE 1
ENDATA
