export default String.raw`# multipart/form-data (RFC 7578)

## A form

~~~ multipart boundary=----FormBoundary profile=form-data
------FormBoundary␍␊
Content-Disposition: form-data; name="title"␍␊
␍␊
Hello␍␊
------FormBoundary␍␊
Content-Disposition: form-data; name="f"; filename="\xe2\x82\xac.bin"␍␊
Content-Type: application/octet-stream␍␊
␍␊
\x00\xff␍␍␊
␊␍␊
------FormBoundary--␍␊
~~~

~~~ strict lenient
part @68
  Content-Disposition: form-data; name="title"
data @68 "Hello"
part-end @95
part @199
  Content-Disposition: form-data; name="f"; filename="€.bin"
  Content-Type: application/octet-stream
data @199 "\x00\xff␍␍␊␊"
part-end @227
end @227
~~~

## An empty form

~~~ multipart boundary=b profile=form-data
--b--␍␊
~~~

~~~ strict lenient
end @5
~~~

## A line end before the first delimiter is no preamble

~~~ multipart boundary=b profile=form-data
␍␊
--b␍␊
A: 1␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict lenient
part @15
  A: 1
data @15 "x"
part-end @23
end @23
~~~

## A preamble

~~~ multipart boundary=b profile=form-data
preamble␍␊
--b␍␊
A: 1␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict
preamble @0 "preamble"
!preamble-in-form-data @0, 400
~~~

~~~ lenient
preamble @0 "preamble"
~preamble-in-form-data @0
part @23
  A: 1
data @23 "x"
part-end @31
end @31
~~~

## A preamble of line ends

~~~ multipart boundary=b profile=form-data
␍␊
␍␊
--b--␍␊
~~~

~~~ strict
preamble @0 "␍␊"
!preamble-in-form-data @0, 400
~~~

~~~ lenient
preamble @0 "␍␊"
~preamble-in-form-data @0
end @9
~~~

## A preamble in LF

~~~ multipart boundary=b profile=form-data
preamble␊
--b␊
A: 1␊
␊
x␊
--b--␊
~~~

~~~ strict
preamble @0 "preamble"
!preamble-in-form-data @0, 400
~~~

~~~ lenient
preamble @0 "preamble"
~preamble-in-form-data @0
~bare-lf @8
~bare-lf @12
part @19
  A: 1
data @19 "x"
part-end @26
end @26
~~~

## A folded line

~~~ multipart boundary=b profile=form-data
--b␍␊
Content-Disposition: form-data;␍␊
 name="a";␍␊
 filename="b"␍␊
␍␊
x␍␊
--b--␍␊
~~~

~~~ strict
!folded-field-line @38 part 1, 400
~~~

~~~ lenient
~folded-field-line @38 part 1
~folded-field-line @50 part 1
part @67
  Content-Disposition: form-data; name="a"; filename="b"
data @67 "x"
part-end @75
end @75
~~~

## An epilogue

~~~ multipart boundary=b profile=form-data
--b␍␊
A: 1␍␊
␍␊
x␍␊
--b--␍␊
epilogue
~~~

~~~ strict lenient
part @13
  A: 1
data @13 "x"
part-end @21
end @21
epilogue @23 "epilogue"
~~~
`;
