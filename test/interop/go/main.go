// Answers batches with nothing but Go's standard library, on a free port of loopback, which it prints.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"strings"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening at http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(batch)))
}

// batch answers each part, in order; what is wrong with any part is wrong with the batch.
func batch(w http.ResponseWriter, r *http.Request) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(mediaType, "multipart/") {
		http.Error(w, "no batch", http.StatusUnsupportedMediaType)
		return
	}
	var answer bytes.Buffer
	out := multipart.NewWriter(&answer)
	in := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := in.NextRawPart()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = operation(part, out)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	out.Close()
	w.Header().Set("Content-Type", mime.FormatMediaType(mediaType, map[string]string{"boundary": out.Boundary()}))
	w.Write(answer.Bytes())
}

func operation(part *multipart.Part, out *multipart.Writer) error {
	request, err := http.ReadRequest(bufio.NewReader(part))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return err
	}
	header := textproto.MIMEHeader{"Content-Type": {"application/http; msgtype=response"}}
	if id := part.Header.Get("Content-Id"); id != "" {
		header.Set("Content-Id", strings.Replace(id, "<", "<response-", 1))
	}
	w, err := out.CreatePart(header)
	if err != nil {
		return err
	}
	return respond(request, body).Write(w)
}

// respond echoes what has been read of a request.
func respond(r *http.Request, body []byte) *http.Response {
	response := &http.Response{ProtoMajor: 1, ProtoMinor: 1, StatusCode: http.StatusOK, Header: http.Header{}, Request: r}
	if r.Method == http.MethodDelete {
		response.StatusCode = http.StatusNoContent
		return response
	}
	if r.URL.Path == "/missing" {
		response.StatusCode = http.StatusNotFound
	}
	text, _ := json.Marshal(map[string]any{
		"method": r.Method, "target": r.RequestURI, "host": r.Host, "type": r.Header.Get("Content-Type"), "body": string(body),
	})
	response.Header.Set("Content-Type", "application/json")
	response.Body = io.NopCloser(bytes.NewReader(text))
	response.ContentLength = int64(len(text))
	switch r.URL.Path {
	case "/chunked":
		response.ContentLength = -1
		response.TransferEncoding = []string{"chunked"}
	case "/close":
		response.ContentLength = -1
		response.Close = true
	}
	return response
}
