export default String.raw`# Delimiters, preamble and epilogue (RFC 2046 §5.1)

## Parts are told by delimiter lines; the line end before a delimiter belongs to it

~~~ multipart boundary=b
--b␍␊
Content-ID: <1>␍␊
␍␊
one␍␊
--b␍␊
␍␊
two␍␊
␍␊
--b--␍␊
~~~

~~~ strict lenient
part @24
  Content-ID: <1>
data @24 "one"
part-end @34
part @36
data @36 "two␍␊"
part-end @48
end @48
~~~

## A body without parts is its close-delimiter

~~~ multipart boundary=b
--b--␍␊
~~~

~~~ strict lenient
end @5
~~~

## A part without fields and without content shares one line end with its delimiter

~~~ multipart boundary=b
--b␍␊
␍␊
--b␍␊
␍␊
--b--
~~~

~~~ strict lenient
part @7
part-end @12
part @14
part-end @19
end @19
~~~

## A part without content has a line end of its own as well

~~~ multipart boundary=b
--b␍␊
␍␊
␍␊
--b␍␊
A: 1␍␊
␍␊
␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
part-end @14
part @22
  A: 1
part-end @29
end @29
~~~

## Content of line ends alone stays as it is, but for the last one

~~~ multipart boundary=b
--b␍␊
␍␊
␍␊
␍␊
␊
␍
␍␍␊
␍␊
␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "␍␊␍␊␊␍␍␍␊␍␊"
part-end @25
end @25
~~~

## Dense line ends that almost start a delimiter are content

~~~ multipart boundary=bound
--bound␍␊
␍␊
␍␊-␍␊--␍␊--b␍␊--bo␍␊␍--boun␍␊
--boun␍d␍␊
␍␊
␊--bound␊␊x␍␊-␍
␊-bound␍␊
--bound--␍␊
~~~

~~~ strict lenient
part @11
data @11 "␍␊-␍␊--␍␊--b␍␊--bo␍␊␍--boun␍␊--boun␍d␍␊␍␊␊--bound␊␊x␍␊-␍␊-bound"
part-end @85
end @85
~~~

## Text that is the delimiter but for one octet is content

~~~ multipart boundary=boundary
--boundary␍␊
␍␊
␍␊--Boundary
␍␊-boundary
␍␊--boundar
␍␊--boundarz
␍␊--boundary_
␍␊---boundary
␍--boundary
␊--boundary
 --boundary
␍␊ --boundary
␍␊
--boundary--␍␊
~~~

~~~ strict lenient
part @14
data @14 "␍␊--Boundary␍␊-boundary␍␊--boundar␍␊--boundarz␍␊--boundary_␍␊---boundary␍--boundary␊--boundary --boundary␍␊ --boundary"
part-end @146
end @146
~~~

## A close-delimiter that lacks its last dash is content

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b-␍␊
y␍␊
--b- -␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x␍␊--b-␍␊y␍␊--b- -"
part-end @32
end @32
~~~

## A line that starts with the delimiter and goes on is content

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--bX␍␊
--b_␍␊
--b\x00␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x␍␊--bX␍␊--b_␍␊--b\x00"
part-end @33
end @33
~~~

## A delimiter, blanks and text are content

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b \x09text␍␊
--b␍␊
␍␊
y␍␊
--b \x09--␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x␍␊--b \x09text"
part-end @26
part @28
data @28 "y␍␊--b \x09--"
part-end @45
end @45
~~~

## A nested body whose boundary goes on from the outer one is content

~~~ multipart boundary=X
--X␍␊
Content-Type: multipart/alternative; boundary=X_alt␍␊
␍␊
--X_alt␍␊
␍␊
a␍␊
--X_alt--␍␊
␍␊
--X--␍␊
~~~

~~~ strict lenient
part @60
  Content-Type: multipart/alternative; boundary=X_alt
data @60 "--X_alt␍␊␍␊a␍␊--X_alt--␍␊"
part-end @92
end @92
~~~

## A nested body that has no close-delimiter is ended by the outer delimiter

~~~ multipart boundary=X
--X␍␊
Content-Type: multipart/mixed; boundary=Y␍␊
␍␊
--Y␍␊
␍␊
a␍␊
--X␍␊
␍␊
b␍␊
--X--␍␊
~~~

~~~ strict lenient
part @50
  Content-Type: multipart/mixed; boundary=Y
data @50 "--Y␍␊␍␊a"
part-end @65
part @67
data @67 "b"
part-end @75
end @75
~~~

## Transport padding of SP and HTAB follows delimiters

~~~ multipart boundary=b
--b \x09 ␍␊
␍␊
x␍␊
--b\x09␍␊
␍␊
y␍␊
--b-- \x09␍␊
~~~

~~~ strict lenient
part @10
data @10 "x"
part-end @19
part @21
data @21 "y"
part-end @29
end @29
~~~

## White space before a delimiter makes it content

~~~ multipart boundary=b
 --b␍␊
--b␍␊
␍␊
x␍␊
 --b␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 " --b"
part @13
data @13 "x␍␊ --b"
part-end @27
end @27
~~~

## A boundary of dashes is found where it is whole

~~~ multipart boundary=--
----␍␊
␍␊
---␍␊
-----␍␊
----␍␊
␍␊
------␍␊
~~~

~~~ strict lenient
part @8
data @8 "---␍␊-----"
part-end @26
part @28
part-end @34
end @34
~~~

## A boundary may hold every character that RFC 2046 allows

~~~ multipart boundary='()+_,-./:=?␠0aZ
--'()+_,-./:=? 0aZ␍␊
␍␊
x␍␊
--'()+_,-./:=? 0a␍␊
--'()+_,-./:=? 0aZ--␍␊
~~~

~~~ strict lenient
part @22
data @22 "x␍␊--'()+_,-./:=? 0a"
part-end @64
end @64
~~~

## The preamble ends before the line end of the first delimiter

~~~ multipart boundary=b
This is a message in MIME format.␍␊
␍␊
--b␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 "This is a message in MIME format.␍␊"
part @44
data @44 "x"
part-end @52
end @52
~~~

## A preamble that looks like a header section is a preamble

~~~ multipart boundary=b
MIME-Version: 1.0␍␊
Content-Type: multipart/mixed; boundary=b␍␊
␍␊
--b␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 "MIME-Version: 1.0␍␊Content-Type: multipart/mixed; boundary=b␍␊"
part @71
data @71 "x"
part-end @79
end @79
~~~

## A line end alone before the first delimiter is no preamble

~~~ multipart boundary=b
␍␊
--b␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
part @9
data @9 "x"
part-end @17
end @17
~~~

## Line ends before the first delimiter, but for the last one, are a preamble

~~~ multipart boundary=b
␍␊
␍␊
--b␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 "␍␊"
part @11
data @11 "x"
part-end @19
end @19
~~~

## The boundary in the middle of a preamble line is skipped

~~~ multipart boundary=b
see --b␍␊
and --b-- ␍␊
--bb␍␊
--b␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 "see --b␍␊and --b-- ␍␊--bb"
part @34
data @34 "x"
part-end @42
end @42
~~~

## The first delimiter of a preamble may be the close-delimiter

~~~ multipart boundary=b
nothing here␍␊
--b--␍␊
~~~

~~~ strict lenient
preamble @0 "nothing here"
end @19
~~~

## What follows the close-delimiter's line is the epilogue

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b-- ␍␊
text␍␊
--b␍␊
A: 1␍␊
␍␊
no part␍␊
--b--␍␊
~~~

~~~ strict lenient
part @7
data @7 "x"
part-end @15
end @15
epilogue @18 "text␍␊--b␍␊A: 1␍␊␍␊no part␍␊--b--␍␊"
~~~

## The close-delimiter's line needs no line end

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b--
~~~

~~~ strict lenient
part @7
data @7 "x"
part-end @15
end @15
~~~

## Padding may end the input

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b--\x09\x20
~~~

~~~ strict lenient
part @7
data @7 "x"
part-end @15
end @15
~~~

## Text on the close-delimiter's line comes after the end

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b-- text␍␊
epilogue
~~~

~~~ strict
part @7
data @7 "x"
part-end @15
end @15
!text-after-close-delimiter @16, 400
~~~

~~~ lenient
part @7
data @7 "x"
part-end @15
end @15
~text-after-close-delimiter @16
epilogue @22 "epilogue"
~~~

## A third dash is text on the close-delimiter's line

~~~ multipart boundary=b
--b--->␍␊
~~~

~~~ strict
end @5
!text-after-close-delimiter @5, 400
~~~

~~~ lenient
end @5
~text-after-close-delimiter @5
~~~

## A CR at the end of the close-delimiter's line is text unless LF follows

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b--␍
~~~

~~~ strict
part @7
data @7 "x"
part-end @15
end @15
!text-after-close-delimiter @15, 400
~~~

~~~ lenient
part @7
data @7 "x"
part-end @15
end @15
~text-after-close-delimiter @15
~~~

## A bare CR on the close-delimiter's line is text

~~~ multipart boundary=b
--b--␍epilogue␍␊
x
~~~

~~~ strict
end @5
!text-after-close-delimiter @5, 400
~~~

~~~ lenient
end @5
~text-after-close-delimiter @5
epilogue @16 "x"
~~~

## LF ends the close-delimiter's line where lines end in CRLF

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b--␊
epilogue
~~~

~~~ strict
part @7
data @7 "x"
part-end @15
end @15
!bare-lf @15, 400
~~~

~~~ lenient
part @7
data @7 "x"
part-end @15
end @15
~bare-lf @15
epilogue @16 "epilogue"
~~~

## Nothing at all is no body

~~~ multipart boundary=b
~~~

~~~ strict lenient
!unexpected-end @0, 400
~~~

## Without a delimiter all is preamble

~~~ multipart boundary=b
--B␍␊
␍␊
x␍␊
--B--␍␊
~~~

~~~ strict lenient
preamble @0 "--B␍␊␍␊x␍␊--B--"
!unexpected-end @17, 400
~~~

## A delimiter without line end is not there yet

~~~ multipart boundary=b
--b
~~~

~~~ strict lenient
!unexpected-end @3, 400
~~~

## Dashes may be the start of a delimiter until the input ends

~~~ multipart boundary=b
--b␍␊
␍␊
-
~~~

~~~ strict lenient
part @7
!unexpected-end @8 part 1, 400
~~~

## Content without close-delimiter is delivered, then the error

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
␍␊
text
~~~

~~~ strict lenient
part @13
  A: 1
data @13 "text"
!unexpected-end @17 part 1, 400
~~~

## A line end at the end of the input may have been that of a delimiter

~~~ multipart boundary=b
--b␍␊
␍␊
one␍␊
--b␍␊
␍␊
two␍␊
~~~

~~~ strict lenient
part @7
data @7 "one"
part-end @17
part @19
data @19 "two"
!unexpected-end @24 part 2, 400
~~~

## The input ends in the last delimiter's dashes

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b-
~~~

~~~ strict lenient
part @7
data @7 "x"
!unexpected-end @14 part 1, 400
~~~

## The input ends behind a delimiter line

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b␍␊
~~~

~~~ strict lenient
part @7
data @7 "x"
part-end @15
!unexpected-end @15 part 2, 400
~~~

## The input ends in a header section

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
B:\x20
~~~

~~~ strict lenient
!unexpected-end @14 part 1, 400
~~~

## A delimiter line follows a delimiter line

~~~ multipart boundary=b
--b␍␊
--b \x09␍␊
--b␍␊
A: 1␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict
!repeated-delimiter @5 part 1, 400
~~~

~~~ lenient
~repeated-delimiter @5 part 1
~repeated-delimiter @12 part 1
part @25
  A: 1
data @25 "x"
part-end @33
end @33
~~~

## The close-delimiter follows a delimiter line

~~~ multipart boundary=b
--b␍␊
␍␊
x␍␊
--b␍␊
--b--␍␊
~~~

~~~ strict
part @7
data @7 "x"
part-end @15
!repeated-delimiter @15 part 2, 400
~~~

~~~ lenient
part @7
data @7 "x"
part-end @15
~repeated-delimiter @15 part 2
end @20
~~~

## A delimiter ends a header section

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
--b␍␊
B: 2␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict
!unterminated-header-section @11 part 1, 400
~~~

~~~ lenient
~unterminated-header-section @11 part 1
part @16
  A: 1
part-end @16
part @24
  B: 2
data @24 "x"
part-end @32
end @32
~~~

## The close-delimiter ends a header section

~~~ multipart boundary=b
--b␍␊
A: 1␍␊
--b--
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
~~~
`;
