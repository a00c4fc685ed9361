package main

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
)

func readParts(source io.Reader, boundary string, s *seen) error {
	reader := multipart.NewReader(source, boundary)
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		s.part(part.Header.Get("Content-Type"))
		if err := s.readAll(part); err != nil {
			return err
		}
	}
}

// Host and Content-Length are fields of their own in net/http; the latter stays in the map too.
func (s *seen) message(start int, host string, fields http.Header) {
	s.parts++
	s.begin()
	s.characters += start
	if host != "" {
		s.characters += len("Host") + len(host)
	}
	for name, values := range fields {
		for _, value := range values {
			s.characters += len(name) + len(value)
		}
	}
}

func readMessages(source io.Reader, boundary, kind string, s *seen) error {
	reader := multipart.NewReader(source, boundary)
	buffered := bufio.NewReader(nil)
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		buffered.Reset(part)
		var body io.Reader
		if kind == "requests" {
			request, err := http.ReadRequest(buffered)
			if err != nil {
				return err
			}
			start := len(request.Method) + len(request.RequestURI) + len(request.Proto)
			s.message(start, request.Host, request.Header)
			body = request.Body
		} else {
			response, err := http.ReadResponse(buffered, nil)
			if err != nil {
				return err
			}
			// Status is "200 OK".
			s.message(len(response.Proto)+len(response.Status)-1, "", response.Header)
			body = response.Body
		}
		if err := s.readAll(body); err != nil {
			return err
		}
	}
}

type part struct {
	fields   textproto.MIMEHeader
	body     []byte
	request  *http.Request
	response *http.Response
}

// The parts of a body, to be written again.
func modelOf(octets []byte, boundary, kind string) []part {
	var parts []part
	reader := multipart.NewReader(bytes.NewReader(octets), boundary)
	for {
		read, err := reader.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			panic(err)
		}
		p := part{fields: read.Header}
		if p.body, err = io.ReadAll(read); err != nil {
			panic(err)
		}
		head := bufio.NewReader(bytes.NewReader(p.body))
		switch kind {
		case "requests":
			if p.request, err = http.ReadRequest(head); err == nil {
				// Else a User-Agent is added.
				p.request.Header.Set("User-Agent", "")
				p.body, err = io.ReadAll(p.request.Body)
			}
		case "responses":
			if p.response, err = http.ReadResponse(head, nil); err == nil {
				p.body, err = io.ReadAll(p.response.Body)
				p.response.ContentLength = int64(len(p.body))
				p.response.Header.Del("Content-Length")
			}
		}
		if err != nil {
			panic(err)
		}
		parts = append(parts, p)
	}
}

var written bytes.Buffer

func writeParts(parts []part, s *seen) error {
	written.Reset()
	writer := multipart.NewWriter(&written)
	for _, p := range parts {
		into, err := writer.CreatePart(p.fields)
		if err != nil {
			return err
		}
		switch {
		case p.request != nil:
			p.request.Body = io.NopCloser(bytes.NewReader(p.body))
			err = p.request.Write(into)
		case p.response != nil:
			p.response.Body = io.NopCloser(bytes.NewReader(p.body))
			err = p.response.Write(into)
		default:
			_, err = into.Write(p.body)
		}
		if err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return readBack(&written, writer.Boundary(), s)
}
