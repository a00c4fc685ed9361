package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
)

func decode(mechanism string, source io.Reader, s *seen) error {
	if mechanism == "base64" {
		// Drops line ends by itself.
		return s.readAll(base64.NewDecoder(base64.StdEncoding, source))
	}
	return s.readAll(quotedprintable.NewReader(source))
}

// Lines of 76 columns.
type lines struct {
	into   io.Writer
	column int
}

func (l *lines) Write(octets []byte) (int, error) {
	for at := 0; at < len(octets); {
		length := 76 - l.column
		if length > len(octets)-at {
			length = len(octets) - at
		}
		l.into.Write(octets[at : at+length])
		at += length
		if l.column += length; l.column == 76 {
			l.into.Write([]byte("\r\n"))
			l.column = 0
		}
	}
	return len(octets), nil
}

func encode(mechanism string, octets []byte, chunk int, s *seen) error {
	written.Reset()
	var encoder io.WriteCloser
	if mechanism == "base64" {
		encoder = base64.NewEncoder(base64.StdEncoding, &lines{into: &written})
	} else {
		encoder = quotedprintable.NewWriter(&written)
	}
	if _, err := io.CopyBuffer(encoder, &chunks{octets, chunk}, make([]byte, chunk)); err != nil {
		return err
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	if s.proof {
		return decode(mechanism, bytes.NewReader(written.Bytes()), s)
	}
	s.octets = written.Len()
	return nil
}
