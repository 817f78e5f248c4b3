layer,bias,x1
1,0,2
2,-1,1
