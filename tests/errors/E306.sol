Problem:    bdnn
Rows:       8
Columns:    9 (9 integer, 8 binary)
