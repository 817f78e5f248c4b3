<?xml version = "1.0" encoding="UTF-8" standalone="yes"?>
<CPLEXSolution version="1.2">
 <header
   problemName="../pair.mps"
   solutionName="incumbent"
   solutionIndex="-1"
   objectiveValue="1"
   solutionTypeValue="3"
   solutionTypeString="primal"
   solutionStatusValue="101"
   solutionStatusString="integer optimal solution"
   solutionMethodString="mip"
   primalFeasible="1"
   dualFeasible="1"
   MIPNodes="0"
   MIPIterations="49"
   writeLevel="1"/>
 <quality
   epInt="0"
   epRHS="9.9999999999999995e-07"
   maxIntInfeas="0"
   maxPrimalInfeas="4.0793106739767104e-18"
   maxX="1"
   maxSlack="1"/>
 <linearConstraints>
  <constraint name="on1_0_0" index="0" slack="0"/>
  <constraint name="on1_1_0" index="1" slack="-0.2508345554733169"/>
  <constraint name="on1_3_0" index="2" slack="-0.36910748502771096"/>
  <constraint name="on1_4_0" index="3" slack="-0.46835752282073284"/>
  <constraint name="on1_8_0" index="4" slack="-0.78510307138910296"/>
  <constraint name="on1_9_0" index="5" slack="-0.38488613273230399"/>
  <constraint name="off1_2_0" index="6" slack="0.14707585414612157"/>
  <constraint name="off1_5_0" index="7" slack="-4.0793106739767104e-18"/>
  <constraint name="off1_6_0" index="8" slack="0.040678237854235716"/>
  <constraint name="off1_7_0" index="9" slack="0.079414301994862616"/>
  <constraint name="s2_at_most_u_0_0_0" index="10" slack="0.99990000000000001"/>
  <constraint name="s2_at_most_u_1_0_0" index="11" slack="0.99990000000000001"/>
  <constraint name="s2_at_most_u_3_0_0" index="12" slack="0.99990000000000001"/>
  <constraint name="s2_at_most_u_4_0_0" index="13" slack="0.99990000000000001"/>
  <constraint name="s2_at_most_u_8_0_0" index="14" slack="0"/>
  <constraint name="s2_at_most_u_9_0_0" index="15" slack="0.99990000000000001"/>
  <constraint name="s2_at_most_w_0_0_0" index="16" slack="0"/>
  <constraint name="s2_at_most_w_1_0_0" index="17" slack="0"/>
  <constraint name="s2_at_most_w_3_0_0" index="18" slack="0"/>
  <constraint name="s2_at_most_w_4_0_0" index="19" slack="0"/>
  <constraint name="s2_at_most_w_8_0_0" index="20" slack="0.0001"/>
  <constraint name="s2_at_most_w_9_0_0" index="21" slack="0"/>
  <constraint name="s2_at_least_w_2_0_0" index="22" slack="-0.99990000000000001"/>
  <constraint name="s2_at_least_w_5_0_0" index="23" slack="-0.99990000000000001"/>
  <constraint name="s2_at_least_w_6_0_0" index="24" slack="-0.99990000000000001"/>
  <constraint name="s2_at_least_w_7_0_0" index="25" slack="-0.99990000000000001"/>
  <constraint name="on2_0_0" index="26" slack="0"/>
  <constraint name="on2_1_0" index="27" slack="0"/>
  <constraint name="on2_3_0" index="28" slack="0"/>
  <constraint name="on2_4_0" index="29" slack="0"/>
  <constraint name="on2_8_0" index="30" slack="-1"/>
  <constraint name="on2_9_0" index="31" slack="0"/>
  <constraint name="off2_2_0" index="32" slack="0"/>
  <constraint name="off2_5_0" index="33" slack="0"/>
  <constraint name="off2_6_0" index="34" slack="0"/>
  <constraint name="off2_7_0" index="35" slack="0"/>
 </linearConstraints>
 <variables>
  <variable name="W1_0_0" index="0" value="0.777893433755241"/>
  <variable name="W1_0_1" index="1" value="-1"/>
  <variable name="b1_0" index="2" value="0.070185607255507904"/>
  <variable name="u1_0_0" index="3" value="1"/>
  <variable name="u1_1_0" index="4" value="1"/>
  <variable name="u1_2_0" index="5" value="-0"/>
  <variable name="u1_3_0" index="6" value="1"/>
  <variable name="u1_4_0" index="7" value="1"/>
  <variable name="u1_5_0" index="8" value="-0"/>
  <variable name="u1_6_0" index="9" value="-0"/>
  <variable name="u1_7_0" index="10" value="-0"/>
  <variable name="u1_8_0" index="11" value="-0"/>
  <variable name="u1_9_0" index="12" value="1"/>
  <variable name="W2_0_0" index="13" value="0.0001"/>
  <variable name="s2_0_0_0" index="14" value="0.0001"/>
  <variable name="s2_1_0_0" index="15" value="0.0001"/>
  <variable name="s2_2_0_0" index="16" value="0"/>
  <variable name="s2_3_0_0" index="17" value="0.0001"/>
  <variable name="s2_4_0_0" index="18" value="0.0001"/>
  <variable name="s2_5_0_0" index="19" value="0"/>
  <variable name="s2_6_0_0" index="20" value="0"/>
  <variable name="s2_7_0_0" index="21" value="0"/>
  <variable name="s2_8_0_0" index="22" value="0"/>
  <variable name="s2_9_0_0" index="23" value="0.0001"/>
  <variable name="b2_0" index="24" value="-0.0001"/>
  <variable name="u2_0_0" index="25" value="1"/>
  <variable name="u2_1_0" index="26" value="1"/>
  <variable name="u2_2_0" index="27" value="-0"/>
  <variable name="u2_3_0" index="28" value="1"/>
  <variable name="u2_4_0" index="29" value="1"/>
  <variable name="u2_5_0" index="30" value="-0"/>
  <variable name="u2_6_0" index="31" value="-0"/>
  <variable name="u2_7_0" index="32" value="-0"/>
  <variable name="u2_8_0" index="33" value="0"/>
  <variable name="u2_9_0" index="34" value="1"/>
  <variable name="ONE" index="35" value="1"/>
 </variables>
</CPLEXSolution>
