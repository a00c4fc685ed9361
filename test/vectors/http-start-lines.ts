export default String.raw`# Start-lines (RFC 9112 §3 and §4)

## A request in a part

~~~ http
GET /items/1?a=b%20c HTTP/1.1␍␊
Host: example.com␍␊
␍␊
~~~

~~~ strict lenient
head @52
  GET "/items/1?a=b%20c" HTTP/1.1
  Host: example.com
end @52
~~~

## A request whose target is relative is fine in a part

~~~ http
POST $1/items HTTP/1.0␍␊
␍␊
x
~~~

~~~ strict lenient
head @26
  POST "$1/items" HTTP/1.0
data @26 "x"
end @27
~~~

## A request whose target is relative, alone

~~~ http within=message
POST $1/items HTTP/1.1␍␊
Content-Length: 1␍␊
␍␊
x
~~~

~~~ strict
!invalid-target-form @5, 400
~~~

~~~ lenient
~invalid-target-form @5
head @45
  POST "$1/items" HTTP/1.1
  Content-Length: 1
data @45 "x"
end @46
~~~

## The four forms of a target, alone: origin-form

~~~ http within=message
GET /?x=//:y HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @25
  GET "/?x=//:y" HTTP/1.1
end @25
~~~

## The four forms of a target, alone: absolute-form

~~~ http within=message
GET http://example.com/ HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @36
  GET "http://example.com/" HTTP/1.1
end @36
~~~

## The four forms of a target, alone: authority-form

~~~ http within=message
CONNECT example.com:443 HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @36
  CONNECT "example.com:443" HTTP/1.1
end @36
~~~

## The four forms of a target, alone: asterisk-form

~~~ http within=message
OPTIONS * HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @22
  OPTIONS "*" HTTP/1.1
end @22
~~~

## A target that is not an authority, with CONNECT

~~~ http within=message
CONNECT example.com HTTP/1.1␍␊
␍␊
~~~

~~~ strict
!invalid-target-form @8, 400
~~~

~~~ lenient
~invalid-target-form @8
head @32
  CONNECT "example.com" HTTP/1.1
end @32
~~~

## A target in UTF-8 is text

~~~ http
GET /caf\xc3\xa9/\xf0\x9f\x9a\x80 HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @28
  GET "/café/🚀" HTTP/1.1
end @28
~~~

## A target in other octets is one character an octet

~~~ http
GET /caf\xe9 HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @22
  GET "/café" HTTP/1.1
end @22
~~~

## Methods are tokens, in any case

~~~ http
!pAtCh-1 / HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
head @23
  !pAtCh-1 "/" HTTP/1.1
end @23
~~~

## A method that is not a token

~~~ http
G=T / HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @1, 400
~~~

## No method

~~~ http
 / HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @0, 400
~~~

## No target

~~~ http
GET HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @4, 400
~~~

## An empty target

~~~ http
GET  HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @4, 400
~~~

## A method alone

~~~ http
GET␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @3, 400
~~~

## HTAB instead of a space

~~~ http
GET\x09/ HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @3, 400
~~~

## A control character in the target

~~~ http
GET /\x01 HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @5, 400
~~~

## NUL in the request line

~~~ http
GET /\x00 HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!nul @5, 400
~~~

## CR alone in the request line

~~~ http
GET / HTTP/1.1␍Host: x␍␊
␍␊
~~~

~~~ strict lenient
!bare-cr @14, 400
~~~

## A request line without version

~~~ http
GET /items␍␊
Host: example.com␍␊
␍␊
~~~

~~~ strict
!missing-http-version @10, 400
~~~

~~~ lenient
~missing-http-version @10
head @33
  GET "/items" HTTP/1.1
  Host: example.com
end @33
~~~

## A request line without version that ends in a space

~~~ http
GET /items ␍␊
␍␊
~~~

~~~ strict
!space-in-target @10, 400
~~~

~~~ lenient
~space-in-target @10
~missing-http-version @11
head @15
  GET "/items" HTTP/1.1
end @15
~~~

## A request line whose last word only looks like a version

~~~ http
GET /items HTTP/1.10␍␊
␍␊
~~~

~~~ strict
!space-in-target @10, 400
~~~

~~~ lenient
~space-in-target @10
~missing-http-version @20
head @24
  GET "/items HTTP/1.10" HTTP/1.1
end @24
~~~

## A space in the target

~~~ http
GET /items?$filter=a eq 'b c' HTTP/1.1␍␊
␍␊
~~~

~~~ strict
!space-in-target @20, 400
~~~

~~~ lenient
~space-in-target @20
head @42
  GET "/items?$filter=a eq 'b c'" HTTP/1.1
end @42
~~~

## A space in the target and no version

~~~ http
GET /items?$filter=a eq 1␍␊
␍␊
~~~

~~~ strict
!space-in-target @20, 400
~~~

~~~ lenient
~space-in-target @20
~missing-http-version @25
head @29
  GET "/items?$filter=a eq 1" HTTP/1.1
end @29
~~~

## Two spaces before the version

~~~ http
GET /  HTTP/1.1␍␊
␍␊
~~~

~~~ strict
!space-in-target @5, 400
~~~

~~~ lenient
~space-in-target @5
head @19
  GET "/" HTTP/1.1
end @19
~~~

## Two spaces before the target

~~~ http within=message
GET  http://example.com/ HTTP/1.1␍␊
␍␊
~~~

~~~ strict
!space-in-target @4, 400
~~~

~~~ lenient
~space-in-target @4
head @37
  GET "http://example.com/" HTTP/1.1
end @37
~~~

## A space behind the version

~~~ http
GET / HTTP/1.0 ␍␊
␍␊
~~~

~~~ strict
!space-in-target @14, 400
~~~

~~~ lenient
~space-in-target @14
head @19
  GET "/" HTTP/1.0
end @19
~~~

## HTTP/2 in a request

~~~ http
GET / HTTP/2␍␊
␍␊
~~~

~~~ strict
!invalid-http-version @6, 400
~~~

~~~ lenient
~invalid-http-version @6
head @16
  GET "/" HTTP/2
end @16
~~~

## HTTP/2.0 in a response

~~~ http
HTTP/2.0 200 OK␍␊
␍␊
~~~

~~~ strict
!invalid-http-version @0, 400
~~~

~~~ lenient
~invalid-http-version @0
head @19
  HTTP/2.0 200 "OK"
end @19
~~~

## HTTP/1.2 is another version

~~~ http
GET / HTTP/1.2␍␊
␍␊
~~~

~~~ strict
!invalid-http-version @6, 400
~~~

~~~ lenient
~invalid-http-version @6
head @18
  GET "/" HTTP/1.2
end @18
~~~

## A version in lower case is part of the target

~~~ http
GET / http/1.1␍␊
␍␊
~~~

~~~ strict
!space-in-target @5, 400
~~~

~~~ lenient
~space-in-target @5
~missing-http-version @14
head @18
  GET "/ http/1.1" HTTP/1.1
end @18
~~~

## Empty lines before the start-line

~~~ http
␍␊
␍␊
GET / HTTP/1.1␍␊
␍␊
~~~

~~~ strict
!empty-line-before-start-line @0, 400
~~~

~~~ lenient
~empty-line-before-start-line @0
~empty-line-before-start-line @2
head @22
  GET "/" HTTP/1.1
end @22
~~~

## Nothing but an empty line

~~~ http
␍␊
~~~

~~~ strict
!empty-line-before-start-line @0, 400
~~~

~~~ lenient
~empty-line-before-start-line @0
!unexpected-end @2, 400
~~~

## A blank line before the start-line is not empty

~~~ http
 ␍␊
GET / HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @0, 400
~~~

## A response

~~~ http
HTTP/1.1 404 Not \x09Found\xe2\x80\xa6␍␊
Content-Type: text/plain␍␊
␍␊
gone
~~~

~~~ strict lenient
head @56
  HTTP/1.1 404 "Not \x09Found…"
  Content-Type: text/plain
data @56 "gone"
end @60
~~~

## A response without reason, with its space

~~~ http
HTTP/1.1 200 ␍␊
␍␊
~~~

~~~ strict lenient
head @17
  HTTP/1.1 200 ""
end @17
~~~

## A response without reason and without its space

~~~ http
HTTP/1.1 200␍␊
␍␊
~~~

~~~ strict
!status-line-without-space @12, 400
~~~

~~~ lenient
~status-line-without-space @12
head @16
  HTTP/1.1 200 ""
end @16
~~~

## Spaces before the status code

~~~ http
HTTP/1.1   200 OK␍␊
␍␊
~~~

~~~ strict
!extra-space-in-status-line @9, 400
~~~

~~~ lenient
~extra-space-in-status-line @9
head @21
  HTTP/1.1 200 "OK"
end @21
~~~

## A reason that starts and ends with spaces keeps them

~~~ http
HTTP/1.1 200  OK ␍␊
␍␊
~~~

~~~ strict lenient
head @21
  HTTP/1.1 200 " OK "
end @21
~~~

## A status code of two digits

~~~ http
HTTP/1.1 20 OK␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @11, 400
~~~

## A status code of four digits

~~~ http
HTTP/1.1 2000 OK␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @12, 400
~~~

## A status code below 100

~~~ http
HTTP/1.1 000 Unknown␍␊
␍␊
~~~

~~~ strict
!status-below-100 @9, 400
~~~

~~~ lenient
~status-below-100 @9
head @24
  HTTP/1.1 0 "Unknown"
end @24
~~~

## A status code above 599 is a number of three digits

~~~ http
HTTP/1.1 999 Denied␍␊
␍␊
~~~

~~~ strict lenient
head @23
  HTTP/1.1 999 "Denied"
end @23
~~~

## A control character in the reason

~~~ http
HTTP/1.1 200 O\x08K␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @14, 400
~~~

## A version without minor digit

~~~ http
HTTP/1. 200 OK␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @7, 400
~~~

## No status code

~~~ http
HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @8, 400
~~~

## A response where a request is wanted

~~~ http kind=request
HTTP/1.1 200 OK␍␊
␍␊
~~~

~~~ strict lenient
!invalid-request-line @4, 400
~~~

## A request where a response is wanted

~~~ http kind=response
GET / HTTP/1.1␍␊
␍␊
~~~

~~~ strict lenient
!invalid-status-line @0, 400
~~~

## LF ends the start-line and all others

~~~ http
GET / HTTP/1.1␊
A: 1␊
␊
x␊
~~~

~~~ strict
!bare-lf @14, 400
~~~

~~~ lenient
~bare-lf @14
~bare-lf @19
~bare-lf @20
head @21
  GET "/" HTTP/1.1
  A: 1
data @21 "x␊"
end @23
~~~
`;
