// Go's standard library as a contender: mime/multipart, net/http, encoding/base64 and
// mime/quotedprintable. It is told what to do, and answers, in the lines of bench/worker.mjs.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"sort"
	"time"
)

type expectation struct{ Parts, Octets, Characters, Digest *int }

type plan struct {
	Level, File, Boundary, Kind, Mechanism string
	Chunk                                  int
	Warmup, Time                           float64
	Expected                               expectation
}

// What a pass has read: the counts of bench/seen.mjs.
type seen struct {
	parts, octets, characters int
	digest                    uint32
	proof                     bool
	buffer                    []byte
}

func (s *seen) part(contentType string) {
	s.parts++
	s.characters += len(contentType)
	s.begin()
}

func (s *seen) begin() {
	if s.proof {
		s.digest = crc32.Update(s.digest, crc32.IEEETable, []byte("\n"))
	}
}

func (s *seen) Write(octets []byte) (int, error) {
	s.octets += len(octets)
	if s.proof {
		s.digest = crc32.Update(s.digest, crc32.IEEETable, octets)
	}
	return len(octets), nil
}

// Reads all of a body through one buffer.
func (s *seen) readAll(body io.Reader) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{body}, s.buffer)
	return err
}

// Octets in chunks, as they would come of a connection.
type chunks struct {
	octets []byte
	size   int
}

func (c *chunks) Read(into []byte) (int, error) {
	if len(c.octets) == 0 {
		return 0, io.EOF
	}
	length := c.size
	if length > len(c.octets) {
		length = len(c.octets)
	}
	n := copy(into, c.octets[:length])
	c.octets = c.octets[n:]
	return n, nil
}

func (e expectation) difference(s *seen) string {
	for _, row := range []struct {
		what   string
		wanted *int
		got    int
	}{
		{"parts", e.Parts, s.parts},
		{"octets", e.Octets, s.octets},
		{"characters", e.Characters, s.characters},
		{"digest", e.Digest, int(s.digest)},
	} {
		if row.wanted != nil && *row.wanted != row.got {
			return fmt.Sprintf("%d %s of %d", row.got, row.what, *row.wanted)
		}
	}
	return ""
}

func answer(line any) {
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func main() {
	var p plan
	if err := json.Unmarshal([]byte(os.Args[1]), &p); err != nil {
		panic(err)
	}
	input, err := os.ReadFile(p.File)
	if err != nil {
		panic(err)
	}
	pass := passOf(p, input)
	proof := &seen{proof: true, buffer: make([]byte, 65536)}
	if err := pass(proof); err != nil {
		answer(map[string]string{"wrong": err.Error()})
		return
	}
	if wrong := p.Expected.difference(proof); wrong != "" {
		answer(map[string]string{"wrong": wrong})
		return
	}
	octets := -1
	run := func() float64 {
		s := &seen{buffer: proof.buffer}
		start := time.Now()
		if err := pass(s); err != nil {
			panic(err)
		}
		if octets < 0 {
			octets = s.octets
		}
		if s.octets != octets {
			panic("a pass saw other octets than the one before")
		}
		return time.Since(start).Seconds()
	}
	sample := func(milliseconds float64) []float64 {
		var times []float64
		for spent := 0.0; spent < milliseconds/1000 || len(times) == 0; {
			t := run()
			times = append(times, t)
			spent += t
		}
		return times
	}
	sample(p.Warmup)
	answer(map[string]bool{"ready": true})
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		runtime.GC()
		times := sample(p.Time)
		sort.Float64s(times)
		answer(map[string]any{"best": times[0], "median": times[len(times)/2], "passes": len(times)})
	}
}

func passOf(p plan, octets []byte) func(*seen) error {
	source := func() io.Reader { return &chunks{octets, p.Chunk} }
	switch p.Level {
	case "parts":
		return func(s *seen) error { return readParts(source(), p.Boundary, s) }
	case "full":
		return func(s *seen) error { return readMessages(source(), p.Boundary, p.Kind, s) }
	case "write":
		parts := modelOf(octets, p.Boundary, p.Kind)
		return func(s *seen) error { return writeParts(parts, s) }
	case "decode":
		return func(s *seen) error { return decode(p.Mechanism, source(), s) }
	default:
		return func(s *seen) error { return encode(p.Mechanism, octets, p.Chunk, s) }
	}
}

// What was written, read back.
func readBack(written *bytes.Buffer, boundary string, s *seen) error {
	if s.proof {
		return readParts(written, boundary, s)
	}
	s.octets = written.Len()
	return nil
}
