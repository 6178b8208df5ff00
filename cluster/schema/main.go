// Schema writes what the embedded API server knows of Kubernetes' types, from Kubernetes itself (output of Kubernetes 1.34, Apache-2.0):
//
//	schemas.json  the OpenAPI v3 definitions of the kinds it serves, one a line, so that a definition is parsed when it is first needed
//	numbers.txt   the numbers of the fields in protobuf, with those of the structs they are embedded in before them
//	fields.txt    what OpenAPI does not say: the fields of each Go struct in order, and how encoding/json treats their zero values
//
// usage: go run . DIRECTORY < DOCUMENTS
//
// where DOCUMENTS are the OpenAPI v3 documents of a kube-apiserver, one after the other:
//
//	for gv in api/v1 apis/apps/v1 apis/autoscaling/v1 …; do kubectl get --raw /openapi/v3/$gv; done
//
// A field in fields.txt is its JSON name and marks: * a pointer, ? left out when zero (a pointer when nil).
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strings"

	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling1 "k8s.io/api/autoscaling/v1"
	autoscaling2 "k8s.io/api/autoscaling/v2"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	events "k8s.io/api/events/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var roots = []any{
	core.Namespace{}, core.Node{}, core.Pod{}, core.Service{}, core.Endpoints{}, core.ServiceAccount{}, core.ConfigMap{}, core.Secret{},
	core.Event{}, core.Binding{}, apps.Deployment{}, apps.ReplicaSet{}, autoscaling1.HorizontalPodAutoscaler{}, autoscaling1.Scale{},
	autoscaling2.HorizontalPodAutoscaler{}, discovery.EndpointSlice{}, events.Event{}, policy.PodDisruptionBudget{}, policy.Eviction{},
	networking.NetworkPolicy{}, coordination.Lease{}, authorization.SelfSubjectAccessReview{}, authorization.SelfSubjectRulesReview{},
	authentication.SelfSubjectReview{}, meta.DeleteOptions{}, meta.Status{},
}

// Served by an aggregated API server upstream: computed, never decoded, so that OpenAPI is enough.
var computed = []string{
	"io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics", "io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics",
}

var lists = regexp.MustCompile(`^io\.k8s\.(api|metrics)\..*`)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: schema DIRECTORY < DOCUMENTS")
	}
	types := map[string]reflect.Type{}
	for _, root := range roots {
		walk(reflect.TypeOf(root), types)
	}
	wanted := append([]string{}, computed...)
	for _, root := range roots {
		wanted = append(wanted, definition(reflect.TypeOf(root)))
	}
	writeNumbers(filepath.Join(os.Args[1], "numbers.txt"), types)
	writeSchemas(filepath.Join(os.Args[1], "schemas.json"), read(os.Stdin), wanted)
	writeFields(filepath.Join(os.Args[1], "fields.txt"), types)
}

// definition is the name of a Go type in OpenAPI: k8s.io/api/apps/v1.Deployment is io.k8s.api.apps.v1.Deployment.
func definition(t reflect.Type) string {
	path := strings.Split(t.PkgPath(), "/")
	host := strings.Split(path[0], ".")
	for i, j := 0, len(host)-1; i < j; i, j = i+1, j-1 {
		host[i], host[j] = host[j], host[i]
	}
	return strings.Join(append(append(host, path[1:]...), t.Name()), ".")
}

func walk(t reflect.Type, types map[string]reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		walk(t.Elem(), types)
	case reflect.Struct:
		if _, known := types[definition(t)]; known || !strings.HasPrefix(t.PkgPath(), "k8s.io/") || opaque(t) {
			return
		}
		types[definition(t)] = t
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				walk(t.Field(i).Type, types)
			}
		}
	}
}

// opaque types have a JSON form of their own.
func opaque(t reflect.Type) bool {
	_, own := reflect.New(t).Interface().(json.Marshaler)
	return own
}

func fields(t reflect.Type) []string {
	var found []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" && f.Anonymous {
			found = append(found, fields(f.Type)...)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		if f.Type.Kind() == reflect.Pointer {
			name += "*"
		}
		struc := f.Type.Kind() == reflect.Struct
		if strings.Contains(options, "omitzero") || !struc && strings.Contains(options, "omitempty") {
			name += "?"
		}
		found = append(found, name)
	}
	return found
}

func writeFields(file string, types map[string]reflect.Type) {
	var lines []string
	for name, t := range types {
		lines = append(lines, name+" "+strings.Join(fields(t), " "))
	}
	sort.Strings(lines)
	write(file, []byte(strings.Join(lines, "\n")+"\n"))
}

// numbers are those of a struct's fields, as NAME=NUMBER; 2.7 is number 7 in what is embedded as number 2.
func numbers(t reflect.Type, before string) []string {
	var found []string
	for i := range t.NumField() {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("protobuf"), ",")
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if len(tag) < 2 {
			continue
		}
		if name == "" && f.Anonymous {
			found = append(found, numbers(f.Type, before+tag[1]+".")...)
		} else if name != "" && name != "-" {
			found = append(found, name+"="+before+tag[1])
		}
	}
	return found
}

func writeNumbers(file string, types map[string]reflect.Type) {
	var lines []string
	for name, t := range types {
		lines = append(lines, name+" "+strings.Join(numbers(t, ""), " "))
	}
	sort.Strings(lines)
	write(file, []byte(strings.Join(lines, "\n")+"\n"))
}

func read(in io.Reader) map[string]json.RawMessage {
	known := map[string]json.RawMessage{}
	decoder := json.NewDecoder(bufio.NewReader(in))
	for {
		var document struct {
			Components struct{ Schemas map[string]json.RawMessage }
		}
		err := decoder.Decode(&document)
		if err == io.EOF {
			return known
		}
		if err != nil {
			log.Fatal(err)
		}
		for name, schema := range document.Components.Schemas {
			known[name] = schema
		}
	}
}

var reference = regexp.MustCompile(`"#/components/schemas/([^"]+)"`)

func writeSchemas(file string, known map[string]json.RawMessage, wanted []string) {
	seen := map[string]bool{}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if seen[name] {
			continue
		}
		schema, found := known[name]
		if !found {
			log.Fatalf("%s is in none of the documents", name)
		}
		seen[name] = true
		if _, list := known[name+"List"]; list && lists.MatchString(name) {
			wanted = append(wanted, name+"List")
		}
		for _, match := range reference.FindAllSubmatch(schema, -1) {
			wanted = append(wanted, string(match[1]))
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	for i, name := range names {
		prefix := ",\n"
		if i == 0 {
			prefix = "{\n"
		}
		fmt.Fprintf(&out, "%s%q:", prefix, name)
		if err := json.Compact(&out, known[name]); err != nil {
			log.Fatal(err)
		}
	}
	out.WriteString("\n}\n")
	write(file, out.Bytes())
}

func write(file string, content []byte) {
	if err := os.WriteFile(file, content, 0o644); err != nil {
		log.Fatal(err)
	}
}
