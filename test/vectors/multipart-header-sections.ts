export default String.raw`# Header sections of body parts (RFC 2046 §5.1, RFC 5322 §2.2)

## Fields keep their order, their repeats and their spelling

~~~ multipart boundary=b
--b␍␊
Set-Cookie: a=1␍␊
content-TYPE: text/plain␍␊
SET-COOKIE: b=2␍␊
Set-Cookie: a=1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @84
  Set-Cookie: a=1
  content-TYPE: text/plain
  SET-COOKIE: b=2
  Set-Cookie: a=1
data @84 "x"
part-end @92
end @92
~~~

## Names of Object.prototype are names like any others

~~~ multipart boundary=b
--b␍␊
__proto__: 1␍␊
constructor: 2␍␊
__proto__: 3␍␊
hasOwnProperty: 4␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @70
  __proto__: 1
  constructor: 2
  __proto__: 3
  hasOwnProperty: 4
data @70 "x"
part-end @78
end @78
~~~

## White space around a value is not part of it

~~~ multipart boundary=b
--b␍␊
A:1␍␊
B: \x09 2 \x09 3\x09 ␍␊
C:␍␊
D: \x09␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @36
  A: 1
  B: 2 \x09 3
  C:
  D:
data @36 "x"
part-end @44
end @44
~~~

## Values may hold colons, quotes and all else that is printable

~~~ multipart boundary=b
--b␍␊
Content-Disposition: form-data; name="a:b"; filename="C:\x5cd\x5c\x22.txt"␍␊
!#$%&'*+-.^_\x60|~: ()<>@,;:/[]?={}␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @108
  Content-Disposition: form-data; name="a:b"; filename="C:\x5cd\x5c".txt"
  !#$%&'*+-.^_\x60|~: ()<>@,;:/[]?={}
data @108 "x"
part-end @116
end @116
~~~

## UTF-8 is text; other octets are one character each

~~~ multipart boundary=b
--b␍␊
A: caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x9a\x80␍␊
B: caf\xe9␍␊
C: \xc3\xa9 \xe9␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @44
  A: café € 🚀
  B: café
  C: Ã© é
data @44 "x"
part-end @52
end @52
~~~

## Folded lines: the line end is dropped, the white space stays

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
 2 ␍␊
\x09\x093␍␊
B:␍␊
 4␍␊
C: 5␍␊
 \x09␍␊
D:␍␊
 ␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @48
  A: 1 2 \x09\x093
  B: 4
  C: 5
  D:
data @48 "x"
part-end @56
end @56
~~~

## A folded line that looks like a delimiter is folded

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
 --b␍␊
 --b--␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @27
  A: 1 --b --b--
data @27 "x"
part-end @35
end @35
~~~

## A field name may begin as the delimiter does

~~~ multipart boundary=b
--b␍␊
--bX: 1␍␊
--b-: 2␍␊
--b: 3␍␊
--: 4␍␊
-: 5␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @46
  --bX: 1
  --b-: 2
  --b: 3
  --: 4
  -: 5
data @46 "x"
part-end @54
end @54
~~~

## A field name that begins as the close-delimiter does is the close-delimiter

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
--b--: 2␍␊
␍␊
x
~~~

~~~ strict
!unterminated-header-section @11 part 1, 400
~~~

~~~ lenient
~unterminated-header-section @11 part 1
part @16
  A: 1
part-end @16
end @16
~text-after-close-delimiter @16
epilogue @21 "␍␊x"
~~~

## A line without colon

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
no colon␍␊
 nor here: x␍␊
B: 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!missing-colon @11 part 1, 400
~~~

~~~ lenient
~missing-colon @11 part 1
part @43
  A: 1
  B: 2
data @43 "x"
part-end @51
end @51
~~~

## The only line has no colon

~~~ multipart boundary=b
--b␍␊
no colon␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!missing-colon @5 part 1, 400
~~~

~~~ lenient
~missing-colon @5 part 1
part @17
data @17 "x"
part-end @25
end @25
~~~

## A line without name

~~~ multipart boundary=b
--b␍␊
: 1␍␊
 2␍␊
B: 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!empty-field-name @5 part 1, 400
~~~

~~~ lenient
~empty-field-name @5 part 1
part @22
  B: 2
data @22 "x"
part-end @30
end @30
~~~

## White space before the colon

~~~ multipart boundary=b
--b␍␊
A : 1␍␊
B \x09 : 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!space-before-colon @6 part 1, 400
~~~

~~~ lenient
~space-before-colon @6 part 1
~space-before-colon @13 part 1
part @23
  A: 1
  B: 2
data @23 "x"
part-end @31
end @31
~~~

## The first line starts with white space

~~~ multipart boundary=b
--b␍␊
 \x09A: 1␍␊
B: 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!leading-white-space @5 part 1, 400
~~~

~~~ lenient
~leading-white-space @5 part 1
part @21
  A: 1
  B: 2
data @21 "x"
part-end @29
end @29
~~~

## The first line is white space

~~~ multipart boundary=b
--b␍␊
 ␍␊
A: 1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!leading-white-space @5 part 1, 400
~~~

~~~ lenient
~leading-white-space @5 part 1
~missing-colon @5 part 1
part @16
  A: 1
data @16 "x"
part-end @24
end @24
~~~

## The first line starts with white space and has no name

~~~ multipart boundary=b
--b␍␊
 : 1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!leading-white-space @5 part 1, 400
~~~

~~~ lenient
~leading-white-space @5 part 1
~empty-field-name @6 part 1
part @13
data @13 "x"
part-end @21
end @21
~~~

## A name that is not a token

~~~ multipart boundary=b
--b␍␊
A(B): 1␍␊
B C: 2␍␊
"D" : 3␍␊
\x01: 4␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!invalid-field-name @6 part 1, 400
~~~

~~~ lenient
~invalid-field-name @6 part 1
~invalid-field-name @15 part 1
~invalid-field-name @22 part 1
~space-before-colon @25 part 1
~invalid-field-name @31 part 1
part @39
  A(B): 1
  B C: 2
  "D": 3
  \x01: 4
data @39 "x"
part-end @47
end @47
~~~

## A name in UTF-8 is text, as values are

~~~ multipart boundary=b
--b␍␊
\xc3\xa9: 1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!invalid-field-name @5 part 1, 400
~~~

~~~ lenient
~invalid-field-name @5 part 1
part @14
  é: 1
data @14 "x"
part-end @22
end @22
~~~

## Control characters in a value

~~~ multipart boundary=b
--b␍␊
A: 1\x01\x1f␍␊
 \x7f\x08␍␊
B: \x80\x9f␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict
!control-in-field-value @9 part 1, 400
~~~

~~~ lenient
~control-in-field-value @9 part 1
~control-in-field-value @14 part 1
part @27
  A: 1\x01\x1f \x7f\x08
  B: \x80\x9f
data @27 "x"
part-end @35
end @35
~~~

## NUL in a value

~~~ multipart boundary=b
--b␍␊
A: 1\x002␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!nul @9 part 1, 400
~~~

## NUL in a name

~~~ multipart boundary=b
--b␍␊
A\x00: 1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!nul @6 part 1, 400
~~~

## CR alone in a value

~~~ multipart boundary=b
--b␍␊
A: 1␍B: 2␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-cr @9 part 1, 400
~~~

## CR alone in a name

~~~ multipart boundary=b
--b␍␊
A␍: 1␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-cr @6 part 1, 400
~~~

## Two CRs before LF

~~~ multipart boundary=b
--b␍␊
A: 1␍␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!bare-cr @9 part 1, 400
~~~

## A CR alone is no empty line

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
␍x␍␊
--b--
~~~

~~~ strict lenient
!bare-cr @11 part 1, 400
~~~

## What both modes refuse in a line comes before what lenient mode lets pass in it

~~~ multipart boundary=b
--b␍␊
A(B) : \x01\x00␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!nul @13 part 1, 400
~~~

## NUL in a line that is skipped

~~~ multipart boundary=b
--b␍␊
no colon\x00␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
!nul @13 part 1, 400
~~~

## The path of a flaw is that of its part

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b␍␊
A : 1␍␊
␍␊
--b␍␊
B : 2␍␊
␍␊
x␍␊
--b--text
~~~

~~~ strict
part @7
data @7 "x"
part-end @15
!space-before-colon @16 part 2, 400
~~~

~~~ lenient
part @7
data @7 "x"
part-end @15
~space-before-colon @16 part 2
part @24
  A: 1
part-end @29
~space-before-colon @30 part 3
part @38
  B: 2
data @38 "x"
part-end @46
end @46
~text-after-close-delimiter @46
~~~
`;
