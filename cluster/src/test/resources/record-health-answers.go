// Writes health-answers.txt: what a gRPC server of Go says, byte for byte, to the question that a probe asks, in hexadecimal; a test reads it.
//
// usage, in a module that requires google.golang.org/grpc v1.72: go run record-health-answers.go >health-answers.txt
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
)

func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	head = append(head, flags)
	return append(binary.BigEndian.AppendUint32(head, stream), payload...)
}

func text(s string) []byte { return append([]byte{byte(len(s))}, s...) }

func question(service string) []byte {
	headers := []byte{0x83, 0x86, 4}
	headers = append(headers, text("/grpc.health.v1.Health/Check")...)
	headers = append(append(headers, 1), text("10.0.0.1:9000")...)
	headers = append(append(headers, 0x0f, 31-15), text("application/grpc")...)
	headers = append(append(headers, 0x0f, 58-15), text("kube-probe/1.34")...)
	headers = append(append(append(headers, 0), text("te")...), text("trailers")...)
	message := []byte{}
	if service != "" {
		message = append([]byte{0x0a}, text(service)...)
	}
	data := append([]byte{0}, binary.BigEndian.AppendUint32(nil, uint32(len(message)))...)
	return bytes.Join([][]byte{
		[]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
		frame(4, 0, 0, nil),
		frame(1, 4, 1, headers),
		frame(0, 1, 1, append(data, message...)),
	}, nil)
}

type failing struct {
	healthpb.UnimplementedHealthServer
	code codes.Code
	why  string
}

func (f failing) Check(context.Context, *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	return nil, status.Error(f.code, f.why)
}

func answer(server healthpb.HealthServer, service string) []byte {
	listener := bufconn.Listen(1 << 16)
	serving := grpc.NewServer()
	if server != nil {
		healthpb.RegisterHealthServer(serving, server)
	}
	go serving.Serve(listener)
	defer serving.Stop()
	conn, err := listener.Dial()
	if err != nil {
		panic(err)
	}
	if _, err := conn.Write(question(service)); err != nil {
		panic(err)
	}
	conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	said, _ := io.ReadAll(conn)
	return said
}

func main() {
	known := health.NewServer()
	known.SetServingStatus("down", healthpb.HealthCheckResponse_NOT_SERVING)
	known.SetServingStatus("unsaid", healthpb.HealthCheckResponse_UNKNOWN)
	for _, c := range []struct {
		name    string
		server  healthpb.HealthServer
		service string
	}{
		{"serving", known, ""},
		{"not serving", known, "down"},
		{"unknown", known, "unsaid"},
		{"no such service", known, "other"},
		{"no health", nil, ""},
		{"deadline", failing{code: codes.DeadlineExceeded, why: "late"}, ""},
		{"message", failing{code: codes.Unavailable, why: "100 % + ü\n"}, ""},
		{"no message", failing{code: codes.Internal}, ""},
	} {
		fmt.Printf("%s\n%s\n%s\n", c.name, hex.EncodeToString(question(c.service)), hex.EncodeToString(answer(c.server, c.service)))
	}
}
