"""The plate rules of the country once more, written from the research's prose: the judge of cards and engine.

It shares no code with the engine and reads no city's cards. `evaluate` answers one question, `questions`
asks them. Where the prose leaves something open a choice was made here; the comparison with the cards is to
find the places where their author chose otherwise. (Rows of the research, §1.4 and §2.)

=== ======================= ============================================================================
no  card                    choice
=== ======================= ============================================================================
 1  all                     what is not told is not known: a service use or a green plate that the row does
                            not name is unknown where an ordinary car is banned, allowed where that one is
 2  CD ZZ LZ TY-a GY-2014   the row names no letter rule: the tail of such a plate is unknown
 3  all                     a Hanzi at the end never counts (§2.4): the last digit before it; a temporary
                            plate counts as any other where the row names no rule
 4  all but those below     the row names no class: it speaks of small passenger cars alone
 5  SH SZ GZ JN             locals of a rule on origin are allowed by it, as case V37 has it for Jinan;
                            沪C, local temporary plates, unloaded taxi, novice in Shanghai: unknown in hours
 6  BJ-LOCAL                京 cars beyond the area (5th-ring-main-road, 5th-to-6th-ring) are allowed, no card
 7  BJ-LOCAL BJ-OUT         使 plates: allowed by the first, not spoken of by the second
 8  BJ-LOCAL                a green plate may be a hybrid's: unknown where banned; BJ-OUT says "all": no green
                            plate is free; its permit clause holds at all hours in all three places
 9  BJ-OUT                  "other hours" of the tail rule are 09:00-17:00, letters and temporary plates as 0
10  BJ-* TS-2018 HD TJ      pairs by the rotation's arithmetic (the research checked it for 2014-2026)
11  TJ                      京 cars are free of the peak ban only, the tail binds them all day
12  TJ HZ-* CD-ALERT GY JN  makeup workday not told or told in two ways: unknown, for pairs with any tail,
    LZ-NEW SZ SJZ TS HD TY  because the day could count as any weekday
13  TJ-TRUCK                parity by date, all trucks of the two classes wherever from, at the city's places
14  SH-OUT GZ-44            a weekday off by arrangement alone: unknown; a weekend day of a holiday is
                            a weekend (Shanghai free, Guangzhou enforced unless it is a core day)
15  CQ-TRUCK                no hours, no area: not evaluated, trucks in Chongqing are unknown
16  CQ ZZ XA                police plates free in Chongqing alone; medium and large passenger cars allowed in
                            Zhengzhou (≥ medium bus) and Xi'an (> 9 seats), a small car has no more than 9
17  HZ-*                    "elevated" belongs to HZ-ZA too; regional plates are HZ-REGION's alone
18  CD-ALERT                replaces CD; red on other than workdays unknown; nobody is freed by name
19  GY-2014                 plates by class are daily 07-21; digit-ended ones by P1, on a holiday unknown;
                            Hanzi-ended local plates are not spoken of; temp permit is the fact `pass`
20  GY-2014 GZ-44           in while banned: the four days of rest begin anew; days_driven, told, is complete
21  GZ-44                   Canton Fair and congress are not dated: the ban stands then as well
22  LZ-*                    free only where first_arrival holds and arrived_on is that very day
23  ZZ-2023                 makeup days as another weekday: 2023-06-25 alone is known
24  JN                      light trucks of 鲁A and 鲁S: unknown in hours
25  NC-2021                 a holiday on a weekday: unknown; 2022-10-01 to 12-28: unknown; after the repeal
                            small cars are allowed, no card
26  SZ-OUT                  2023-01-01 to 02-05 allowed; 2025-01-01 to 02-12 unknown; other years not paused;
                            "licensed transport" is any service use: unknown; Macau plates are bound
27  SJZ                     the dated notice alone; its pairs are not told: unknown in hours
28  TS-TRUCK-2016           any truck or semi-trailer of five axles; local by the plate that counts
29  TS-PARITY-2020          city-roads lie in the seven districts
30  TS-APEC                 its first day is not on record: unknown where it would ban, from TS-2018 on
31  AY-2023                 "all motor vehicles": every class, green plates too
32  NB                      green plates are bound from 2021-07-01 00:00
33  all                     first days and ends that the research does not tell: see validity.py. BJ from the
                            rotation's first checked year; CQ the notice of 2025 alone; LZ-NEW from 2020;
                            "2014" and "2023-07" count from the next year and month, as WH-BRIDGE-2011 does
34  SH CQ JN TJ-TRUCK       any place of the pack is one of the listed structures
35  calendar                from 2027 days fixed by law are New Year, 1 and 2 May, 1 to 3 October, in 2027 the
                            feasts by moon and sun too; a weekend beside a one-day feast is a weekend
36  all                     several cards: facts are tried on the gravest of all, so unknown against
                            allowed or banned, hanging on a fact, is conditional
=== ======================= ============================================================================
"""
