export default String.raw`# Bodies of HTTP messages (RFC 9112 §6)

## A request in a part without Content-Length: the part frames the body

~~~ http
POST / HTTP/1.1␍␊
␍␊
all␍␊
of it
~~~

~~~ strict lenient
head @19
  POST "/" HTTP/1.1
data @19 "all␍␊of it"
end @29
~~~

## A request alone without Content-Length has no body

~~~ http within=message
POST / HTTP/1.1␍␊
␍␊
GET / HTTP/1.1␍␊
~~~

~~~ strict lenient
head @19
  POST "/" HTTP/1.1
end @19
remainder @19 "GET / HTTP/1.1␍␊"
~~~

## A response alone without Content-Length runs to the end of the input

~~~ http within=message
HTTP/1.1 200 OK␍␊
␍␊
all␍␊
of it
~~~

~~~ strict lenient
head @19
  HTTP/1.1 200 "OK"
data @19 "all␍␊of it"
end @29
~~~

## Content-Length that is right, in a part

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 003␍␊
␍␊
abc
~~~

~~~ strict lenient
head @40
  POST "/" HTTP/1.1
  Content-Length: 003
data @40 "abc"
end @43
~~~

## Content-Length that is right, alone

~~~ http within=message
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
␍␊
abcGET / HTTP/1.1␍␊
~~~

~~~ strict lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
end @41
remainder @41 "GET / HTTP/1.1␍␊"
~~~

## Content-Length of 0, alone

~~~ http within=message
POST / HTTP/1.1␍␊
Content-Length: 0␍␊
␍␊
rest
~~~

~~~ strict lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 0
end @38
remainder @38 "rest"
~~~

## Content-Length that is too large, in a part

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 5␍␊
␍␊
abc
~~~

~~~ strict
head @38
  POST "/" HTTP/1.1
  Content-Length: 5
data @38 "abc"
!content-length-mismatch @41, 400
~~~

~~~ lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 5
data @38 "abc"
~content-length-mismatch @41
end @41
~~~

## Content-Length that is too large, alone

~~~ http within=message
POST / HTTP/1.1␍␊
Content-Length: 5␍␊
␍␊
abc
~~~

~~~ strict lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 5
data @38 "abc"
!unexpected-end @41, 400
~~~

## Content-Length that leaves out a line end, as UCWA clients write it

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
␍␊
abc␍␊
~~~

~~~ strict
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
!content-length-mismatch @41, 400
~~~

~~~ lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
~content-length-mismatch @41
end @43
~~~

## Content-Length that leaves out line ends of all kinds

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
␍␊
abc␍␊␊␍
~~~

~~~ strict
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
!content-length-mismatch @41, 400
~~~

~~~ lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
~content-length-mismatch @41
end @45
~~~

## Content-Length that leaves out text: the part decides

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
␍␊
abcdef␍␊
~~~

~~~ strict
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
!content-length-mismatch @41, 400
~~~

~~~ lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
~content-length-mismatch @41
data @41 "def␍␊"
end @46
~~~

## Content-Length that leaves out line ends and text: nothing of the part is lost

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
␍␊
abc␍␊␍␊def␍␊
~~~

~~~ strict
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
!content-length-mismatch @41, 400
~~~

~~~ lenient
head @38
  POST "/" HTTP/1.1
  Content-Length: 3
data @38 "abc"
~content-length-mismatch @41
data @41 "␍␊␍␊def␍␊"
end @50
~~~

## Content-Length of 0 before line ends

~~~ http
DELETE / HTTP/1.1␍␊
Content-Length: 0␍␊
␍␊
␍␊
~~~

~~~ strict
head @40
  DELETE "/" HTTP/1.1
  Content-Length: 0
!content-length-mismatch @40, 400
~~~

~~~ lenient
head @40
  DELETE "/" HTTP/1.1
  Content-Length: 0
~content-length-mismatch @40
end @42
~~~

## Equal Content-Length fields

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
A: 1␍␊
content-length:  03␍␊
␍␊
abc
~~~

~~~ strict
!repeated-content-length @59, 400
~~~

~~~ lenient
~repeated-content-length @59
head @65
  POST "/" HTTP/1.1
  Content-Length: 3
  A: 1
  content-length: 03
data @65 "abc"
end @68
~~~

## Unequal Content-Length fields

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
Content-Length: 4␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @52, 400
~~~

## A list in Content-Length, though of equal numbers

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3, 3␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## A signed Content-Length

~~~ http
POST / HTTP/1.1␍␊
Content-Length: +3␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## An empty Content-Length

~~~ http
POST / HTTP/1.1␍␊
Content-Length: ␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## A hexadecimal Content-Length

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 0x3␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## A Content-Length of digits that are not ASCII

~~~ http
POST / HTTP/1.1␍␊
Content-Length: \xd9\xa3␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## A Content-Length above 2^53 - 1

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 9007199254740992␍␊
␍␊
abc
~~~

~~~ strict lenient
!invalid-content-length @33, 400
~~~

## A Content-Length field that is folded

~~~ http
POST / HTTP/1.1␍␊
Content-Length:␍␊
 3␍␊
␍␊
abc
~~~

~~~ strict
!folded-field-line @34, 400
~~~

~~~ lenient
~folded-field-line @34
head @40
  POST "/" HTTP/1.1
  Content-Length: 3
data @40 "abc"
end @43
~~~

## Responses that have no body, whatever their Content-Length says: 204

~~~ http
HTTP/1.1 204 No Content␍␊
Content-Length: 3␍␊
␍␊
~~~

~~~ strict lenient
head @46
  HTTP/1.1 204 "No Content"
  Content-Length: 3
end @46
~~~

## Responses that have no body, whatever their Content-Length says: 304

~~~ http
HTTP/1.1 304 Not Modified␍␊
Content-Length: 3␍␊
␍␊
~~~

~~~ strict lenient
head @48
  HTTP/1.1 304 "Not Modified"
  Content-Length: 3
end @48
~~~

## Responses that have no body, whatever their Content-Length says: 1xx

~~~ http
HTTP/1.1 103 Early Hints␍␊
Content-Length: 3␍␊
␍␊
~~~

~~~ strict lenient
head @47
  HTTP/1.1 103 "Early Hints"
  Content-Length: 3
end @47
~~~

## Responses that have no body, whatever their Content-Length says: to HEAD

~~~ http requestMethod=HEAD
HTTP/1.1 200 OK␍␊
Content-Length: 3␍␊
␍␊
~~~

~~~ strict lenient
head @38
  HTTP/1.1 200 "OK"
  Content-Length: 3
end @38
~~~

## Octets in the part of such a response are kept

~~~ http
HTTP/1.1 204 No Content␍␊
Content-Length: 0␍␊
␍␊
x␍␊
~~~

~~~ strict lenient
head @46
  HTTP/1.1 204 "No Content"
  Content-Length: 0
data @46 "x␍␊"
end @49
~~~

## Octets behind such a response that is alone are left over

~~~ http within=message
HTTP/1.1 304 Not Modified␍␊
Content-Length: 3␍␊
␍␊
HTTP/1.1 200 OK␍␊
~~~

~~~ strict lenient
head @48
  HTTP/1.1 304 "Not Modified"
  Content-Length: 3
end @48
remainder @48 "HTTP/1.1 200 OK␍␊"
~~~

## A 2xx answer to CONNECT that is alone has no body

~~~ http within=message requestMethod=CONNECT
HTTP/1.1 200 OK␍␊
Content-Length: 3␍␊
␍␊
tunnel
~~~

~~~ strict lenient
head @38
  HTTP/1.1 200 "OK"
  Content-Length: 3
end @38
remainder @38 "tunnel"
~~~

## Chunks in a part

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3␍␊
abc␍␊
00A␍␊
0123␍␊
6789␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
data @50 "abc"
data @60 "0123␍␊6789"
end @77
~~~

## Chunks alone, and what follows them

~~~ http within=message
POST / HTTP/1.1␍␊
Transfer-Encoding: Chunked␍␊
␍␊
3␍␊
abc␍␊
000␍␊
␍␊
rest
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: Chunked
data @50 "abc"
end @62
remainder @62 "rest"
~~~

## Trailers

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
A: 1␍␊
B:2␍␊
␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
trailers @63
  A: 1
  B: 2
end @63
~~~

## Extensions

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3;a;b=c;d="\x22␍␊
abc␍␊
0;\xff\x09␍␊
␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
data @61 "abc"
end @74
~~~

## White space behind a chunk size

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3 \x09␍␊
abc␍␊
0 ; a␍␊
␍␊
~~~

~~~ strict
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!space-after-chunk-size @48, 400
~~~

~~~ lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
~space-after-chunk-size @48
data @52 "abc"
~space-after-chunk-size @58
end @66
~~~

## White space before a chunk size

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
 3␍␊
abc␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @47, 400
~~~

## A chunk without size

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
;a␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @47, 400
~~~

## A chunk whose size has a sign, or a prefix

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
0x3␍␊
abc␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @48, 400
~~~

## A chunk size above 2^53 - 1

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
20000000000000␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @60, 400
~~~

## A chunk size of many zeros

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
00000000000000003␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @63, 400
~~~

## A chunk size line that ends in LF

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3␊
abc␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @48, 400
~~~

## A chunk size line that ends in CR

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3␍abc␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @49, 400
~~~

## A chunk without line end

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3␍␊
abc0␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
data @50 "abc"
!invalid-chunk @53, 400
~~~

## A control character in an extension

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3;\x00␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!invalid-chunk @49, 400
~~~

## The part ends in a chunk

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
5␍␊
abc
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
data @50 "abc"
!unexpected-end @53, 400
~~~

## The part ends before the last chunk

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
3␍␊
abc␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
data @50 "abc"
!unexpected-end @55, 400
~~~

## The part ends in the trailers

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
A: 1␍␊
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!unexpected-end @56, 400
~~~

## Line ends behind the last chunk, in a part

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
␍␊
␍␊
~~~

~~~ strict
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!content-after-message @52, 400
~~~

~~~ lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
~content-after-message @52
end @54
~~~

## Text behind the last chunk, in a part

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
␍␊
␍␊
GET
~~~

~~~ strict lenient
head @47
  POST "/" HTTP/1.1
  Transfer-Encoding: chunked
!content-after-message @52, 400
~~~

## Content-Length and chunks, in a part

~~~ http
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
Transfer-Encoding: chunked␍␊
␍␊
1␍␊
x␍␊
0␍␊
␍␊
~~~

~~~ strict
!content-length-with-transfer-encoding @55, 400
~~~

~~~ lenient
~content-length-with-transfer-encoding @55
head @66
  POST "/" HTTP/1.1
  Content-Length: 3
  Transfer-Encoding: chunked
data @69 "x"
end @77
~~~

## Content-Length and chunks, alone

~~~ http within=message
POST / HTTP/1.1␍␊
Content-Length: 3␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
!content-length-with-transfer-encoding @55, 400
~~~

## Chunked is the last coding of a list, and of two fields

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: gzip␍␊
Transfer-Encoding: deflate ,\x09 CHUNKED␍␊
␍␊
1␍␊
x␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
head @83
  POST "/" HTTP/1.1
  Transfer-Encoding: gzip
  Transfer-Encoding: deflate ,\x09 CHUNKED
data @86 "x"
end @94
~~~

## Chunked is not the last coding

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked, gzip␍␊
␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
!invalid-transfer-encoding @36, 400
~~~

## Chunked is there twice

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: chunked␍␊
Transfer-Encoding: chunked␍␊
␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
!invalid-transfer-encoding @36, 400
~~~

## A coding that only ends in the word

~~~ http
POST / HTTP/1.1␍␊
Transfer-Encoding: xchunked␍␊
␍␊
0␍␊
␍␊
~~~

~~~ strict lenient
!invalid-transfer-encoding @36, 400
~~~

## A coding that is not chunked, in a response

~~~ http
HTTP/1.1 200 OK␍␊
Transfer-Encoding: gzip␍␊
␍␊
x
~~~

~~~ strict lenient
!invalid-transfer-encoding @36, 400
~~~

## Chunks that a HEAD request asked for are not there

~~~ http requestMethod=HEAD
HTTP/1.1 200 OK␍␊
Transfer-Encoding: chunked␍␊
␍␊
~~~

~~~ strict lenient
head @47
  HTTP/1.1 200 "OK"
  Transfer-Encoding: chunked
end @47
~~~
`;
