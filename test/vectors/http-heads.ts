export default String.raw`# Heads of HTTP messages (RFC 9112 §5)

## Fields keep their order, their repeats and their spelling

~~~ http
GET / HTTP/1.1␍␊
x-A:1␍␊
X-a:  \x09 2 ␍␊
__proto__: \xc3\xa9␍␊
X-A:␍␊
␍␊
~~~

~~~ strict lenient
head @58
  GET "/" HTTP/1.1
  x-A: 1
  X-a: 2
  __proto__: é
  X-A:
end @58
~~~

## Folded lines

~~~ http
GET / HTTP/1.1␍␊
A: 1␍␊
 2␍␊
\x093␍␊
␍␊
~~~

~~~ strict
!folded-field-line @22, 400
~~~

~~~ lenient
~folded-field-line @22
~folded-field-line @26
head @32
  GET "/" HTTP/1.1
  A: 1 2\x093
end @32
~~~

## White space before the colon

~~~ http
GET / HTTP/1.1␍␊
A : 1␍␊
␍␊
~~~

~~~ strict
!space-before-colon @17, 400
~~~

~~~ lenient
~space-before-colon @17
head @25
  GET "/" HTTP/1.1
  A: 1
end @25
~~~

## A line without colon, and one without name

~~~ http
GET / HTTP/1.1␍␊
A␍␊
: 1␍␊
B: 2␍␊
␍␊
~~~

~~~ strict
!missing-colon @16, 400
~~~

~~~ lenient
~missing-colon @16
~empty-field-name @19
head @32
  GET "/" HTTP/1.1
  B: 2
end @32
~~~

## LF behind one line

~~~ http
GET / HTTP/1.1␍␊
A: 1␊
B: 2␍␊
␊
x
~~~

~~~ strict
!bare-lf @20, 400
~~~

~~~ lenient
~bare-lf @20
~bare-lf @27
head @28
  GET "/" HTTP/1.1
  A: 1
  B: 2
data @28 "x"
end @29
~~~

## CR alone in a value

~~~ http
GET / HTTP/1.1␍␊
A: 1␍ 2␍␊
␍␊
~~~

~~~ strict lenient
!bare-cr @20, 400
~~~

## NUL in a value

~~~ http
GET / HTTP/1.1␍␊
A: \x00␍␊
␍␊
~~~

~~~ strict lenient
!nul @19, 400
~~~

## A line that looks like a delimiter is a line without colon

~~~ http
GET / HTTP/1.1␍␊
--b␍␊
␍␊
~~~

~~~ strict
!missing-colon @16, 400
~~~

~~~ lenient
~missing-colon @16
head @23
  GET "/" HTTP/1.1
end @23
~~~

## A head that its part ends behind a line

~~~ http
GET / HTTP/1.1␍␊
Host: example.com␍␊
~~~

~~~ strict
!unterminated-head @35, 400
~~~

~~~ lenient
~unterminated-head @35
head @35
  GET "/" HTTP/1.1
  Host: example.com
end @35
~~~

## A start-line that its part ends behind

~~~ http
HTTP/1.1 204 No Content␍␊
~~~

~~~ strict
!unterminated-head @25, 400
~~~

~~~ lenient
~unterminated-head @25
head @25
  HTTP/1.1 204 "No Content"
end @25
~~~

## A head that its part ends in a line

~~~ http
GET / HTTP/1.1␍␊
Host: example.com
~~~

~~~ strict
!unterminated-head @33, 400
~~~

~~~ lenient
~unterminated-head @33
head @33
  GET "/" HTTP/1.1
  Host: example.com
end @33
~~~

## A start-line that its part ends in

~~~ http
GET / HTTP/1.1
~~~

~~~ strict
!unexpected-end @14, 400
~~~

~~~ lenient
~unterminated-head @14
head @14
  GET "/" HTTP/1.1
end @14
~~~

## A head that its part ends in a line end

~~~ http
GET / HTTP/1.1␍␊
Host: example.com␍
~~~

~~~ strict
!unterminated-head @34, 400
~~~

~~~ lenient
!bare-cr @33, 400
~~~

## A head that ends early and announces a body

~~~ http
PUT / HTTP/1.1␍␊
Content-Length: 2␍␊
~~~

~~~ strict
!unterminated-head @35, 400
~~~

~~~ lenient
~unterminated-head @35
head @35
  PUT "/" HTTP/1.1
  Content-Length: 2
~content-length-mismatch @35
end @35
~~~

## A head that ends early, alone

~~~ http within=message
GET / HTTP/1.1␍␊
Host: example.com␍␊
~~~

~~~ strict lenient
!unexpected-end @35, 400
~~~

## An empty part holds no message

~~~ http
~~~

~~~ strict lenient
!unexpected-end @0, 400
~~~
`;
