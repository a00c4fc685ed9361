export default String.raw`# Line ends other than CRLF

RFC 2046 knows CRLF alone. Lenient mode takes LF where the first delimiter line ends in it, for the
whole body, and tells where.

## LF throughout

~~~ multipart boundary=b
--b␊
A: 1␊
␊
one␊
--b \x09␊
␊
two␊
␊
--b--␊
epilogue␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
part @10
  A: 1
data @10 "one"
~bare-lf @19 part 1
part-end @20
part @21
data @21 "two␊"
part-end @31
end @31
epilogue @32 "epilogue␊"
~~~

## LF after a preamble that ends in LF

~~~ multipart boundary=b
preamble␊
␊
--b␊
␊
x␊
--b--␊
~~~

~~~ strict
preamble @0 "preamble␊"
!bare-lf @9, 400
~~~

~~~ lenient
preamble @0 "preamble␊"
~bare-lf @9
~bare-lf @13
part @15
data @15 "x"
part-end @22
end @22
~~~

## LF before the first delimiter, CRLF behind it: CRLF counts

~~~ multipart boundary=b
preamble␊
--b␍␊
␍␊
x␊
--b␊
y␍␊
--b--␍␊
~~~

~~~ strict
preamble @0 "preamble"
!bare-lf @8, 400
~~~

~~~ lenient
preamble @0 "preamble"
~bare-lf @8
part @16
data @16 "x␊--b␊y"
part-end @30
end @30
~~~

## CRLF before the first delimiter, LF behind it: LF counts

~~~ multipart boundary=b
preamble␍␊
--b␊
␊
x␊
--b--␊
~~~

~~~ strict
preamble @0 "preamble"
!bare-lf @13, 400
~~~

~~~ lenient
preamble @0 "preamble"
~bare-lf @13
part @15
data @15 "x"
part-end @22
end @22
~~~

## CRLF where the framing is LF

~~~ multipart boundary=b
--b␊
A: 1␍␊
B: 2␊
 3␍␊
␍␊
one␍␊
--b␍␊
␊
two␍␊
--b--␍␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
~mixed-line-ends @8 part 1
~mixed-line-ends @17 part 1
~mixed-line-ends @19 part 1
part @21
  A: 1
  B: 2 3
data @21 "one"
~mixed-line-ends @24 part 1
~mixed-line-ends @29 part 1
part-end @31
part @32
data @32 "two"
~mixed-line-ends @35 part 2
part-end @42
end @42
~mixed-line-ends @42
~~~

## A CR before CRLF is content where the framing is LF, too

~~~ multipart boundary=b
--b␊
␊
x␍␍␊
--b--␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
part @5
data @5 "x␍"
~mixed-line-ends @7 part 1
part-end @14
end @14
~~~

## CRs in content are content where the framing is LF

~~~ multipart boundary=b
--b␊
␊
␍x␍␊
␍␊
␍--b␊
␍␊-␍␊--␍␊--b-␍␊
--b--␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
part @5
data @5 "␍x␍␊␍␊␍--b␊␍␊-␍␊--␍␊--b-"
~mixed-line-ends @29 part 1
part-end @36
end @36
~~~

## LF ends a delimiter line after CRLF lines: other readers would split there, so nobody may

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b␊
␍␊
y␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x"
!bare-lf @13 part 1, 400
~~~

## LF after padding ends a delimiter line after CRLF lines

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b ␊
␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x"
!bare-lf @14 part 1, 400
~~~

## LF alone before a delimiter makes it content where lines end in CRLF

~~~ multipart boundary=b
--b␍␊
␍␊
x␊
--b␍␊
y␊
--b--␍␊
␍␊
--b--
~~~

~~~ strict lenient
part @7
data @7 "x␊--b␍␊y␊--b--␍␊"
part-end @30
end @30
~~~

## LF ends a field line where lines end in CRLF

~~~ multipart boundary=b
--b␍␊
A: 1␊
B: 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-lf @9 part 1, 400
~~~

## LF is the empty line where lines end in CRLF

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-lf @11 part 1, 400
~~~

## LF ends a delimiter line in a header section of CRLF lines

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
--b␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-lf @14 part 1, 400
~~~

## LF alone before a close-delimiter that is the first delimiter

~~~ multipart boundary=b
␊
--b--␊
~~~

~~~ strict
!bare-lf @0, 400
~~~

~~~ lenient
~bare-lf @0
end @6
~~~

## A delimiter line follows a delimiter line, both in LF

~~~ multipart boundary=b
--b␊
--b␊
A: 1␊
--b--␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
~repeated-delimiter @4 part 1
~bare-lf @7 part 1
~unterminated-header-section @13 part 1
part @18
  A: 1
part-end @18
end @18
~~~

## CR alone ends no delimiter line

~~~ multipart boundary=b
--b␍
␍
x␍
--b--␍
~~~

~~~ strict lenient
!bare-cr @3, 400
~~~

## CR alone ends no later delimiter line

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b␍
␍␊
y␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x"
!bare-cr @13 part 1, 400
~~~

## Two CRs before LF end no delimiter line

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b \x09␍␍␊
␍␊
--b--
~~~

~~~ strict lenient
part @7
data @7 "x"
!bare-cr @15 part 1, 400
~~~

## CR alone after LF framing

~~~ multipart boundary=b
--b␊
␊
x␊
--b␍--b--␊
~~~

~~~ strict
!bare-lf @3, 400
~~~

~~~ lenient
~bare-lf @3
part @5
data @5 "x"
!bare-cr @10 part 1, 400
~~~
`;
