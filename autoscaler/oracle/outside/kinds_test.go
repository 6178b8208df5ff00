// Package outside asks upstream's exported functions (defaults, validation, quantities, what kubectl prints) and writes their answers as vectors.
package outside

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingapiv2 "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/printers"
	"k8s.io/kubernetes/pkg/printers/internalversion"
)

type object = map[string]any

var (
	seed  = flag.Uint64("seed", 1, "of the first vector of each kind; the others follow")
	count = flag.Int("count", 100, "how many of each kind")
	out   = flag.String("out", ".", "folder to write to")
)

type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool  { return d.IntN(100) < percent }
func pick[T any](d dice, values ...T) T { return values[d.IntN(len(values))] }
func ptr[T any](v T) *T                 { return &v }
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func TestKinds(t *testing.T) {
	kinds := map[string]func(dice) (input, expected object){
		"age": age, "quantity": quantity, "quantityText": quantityText, "defaults": defaults, "hpaDefaults": hpaDefaults, "validation": validated, "targetsColumn": targets,
	}
	for n, kind := range slices.Sorted(maps.Keys(kinds)) {
		var vectors []object
		for i := range *count {
			input, expected := kinds[kind](dice{rand.New(rand.NewPCG(*seed+uint64(i), uint64(n)))})
			vector := object{"id": fmt.Sprintf("%s-%d", kind, *seed+uint64(i)), "kind": kind, "input": input, "expected": expected}
			if kind == "validation" {
				vector["features"] = object{"HPAScaleToZero": input["zero"]}
				delete(input, "zero")
			}
			vectors = append(vectors, vector)
		}
		file, err := os.Create(filepath.Join(*out, kind+".json"))
		must(err)
		must(json.NewEncoder(file).Encode(object{"schema": "hpa-vectors/1", "kind": kind, "count": len(vectors), "vectors": vectors}))
		must(file.Close())
	}
}

func age(d dice) (input, expected object) {
	unit := pick(d, 1.0, 60, 3600, 86400, 365*86400)
	seconds := float64(d.IntN(14)-2)*unit + pick(d, 0, 0, 0.5, -0.5, 1, -1, 59, 60, 3599)
	return object{"seconds": seconds}, object{"text": duration.HumanDuration(time.Duration(seconds * float64(time.Second)))}
}

func (d dice) amount() int64 {
	n := int64(1)
	for range d.IntN(10) {
		n *= pick(d, int64(10), 100, 1000, 1024, 3, 7)
		if n > 1<<52 || n <= 0 {
			return 1 << 52
		}
	}
	return n + pick(d, int64(0), 0, 0, 1, -1, 500)
}

func quantity(d dice) (input, expected object) {
	milli, format := d.amount(), pick(d, resource.DecimalSI, resource.BinarySI)
	if d.chance(10) {
		milli = -milli
	}
	if format == resource.BinarySI && (milli >= 1024000 || milli <= -1024000) {
		milli -= milli % 1000 // SPEC 10.1 rounds what upstream writes in decimals; statusQuantity asks for that
	}
	return object{"milli": milli, "format": format}, object{"text": resource.NewMilliQuantity(milli, format).String()}
}

// quantityText is a kind of our own: a text as somebody writes it, its amount in milli-units and as a double, and how the API gives it back.
func quantityText(d dice) (input, expected object) {
	number := pick(d, "0", "1", "100", "250", "0.5", "1.5", ".5", "5.", "00012", "1e3", "1E3", "1e-3", "12e2", "1.25e1", "9223372036854775807", "9223372036854775808", "1000000000000000000000", "0.0001", "0.0000000001", "123456789.123456789", "1024", "999", "", "x", "1 ", "1_0", "0x10", "٣", "1e", "1e1.5", "+1", "--1", "1.1.1")
	text := pick(d, "", "", "", "-", "+") + number + pick(d, "", "", "", "m", "u", "n", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "K", "mi", "e2", "E-2", "ki", "kk", " ")
	input, expected = object{"text": text}, object{"milli": nil, "canonical": nil}
	if q, err := resource.ParseQuantity(text); err == nil {
		expected = object{"milli": "any", "canonical": q.String(), "sign": q.Sign()}
		if q.Sign() >= 0 && q.CmpInt64(1<<53) < 0 { // past 2^63 milli-units it wraps around, and it rounds negative ones either way
			expected["milli"] = q.MilliValue()
		}
		if len(text) < 15 && !strings.Contains(text, "i") {
			expected["double"] = q.AsApproximateFloat64()
		}
	}
	return input, expected
}

func (d dice) rules(wild bool) (r *autoscalingv2.HPAScalingRules) {
	if d.chance(25) {
		return nil
	}
	r = &autoscalingv2.HPAScalingRules{}
	if d.chance(50) {
		r.StabilizationWindowSeconds = ptr(pick(d, int32(0), 25, 300, 3600))
	}
	if d.chance(50) {
		r.SelectPolicy = ptr(pick(d, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect, autoscalingv2.DisabledPolicySelect))
	}
	if d.chance(60) || wild {
		r.Policies = []autoscalingv2.HPAScalingPolicy{}
		for range 1 + d.IntN(2) {
			r.Policies = append(r.Policies, autoscalingv2.HPAScalingPolicy{Type: pick(d, autoscalingv2.PodsScalingPolicy, autoscalingv2.PercentScalingPolicy), Value: pick(d, int32(1), 10), PeriodSeconds: pick(d, int32(1), 60, 1800)})
		}
	}
	if d.chance(25) {
		r.Tolerance = ptr(resource.MustParse(pick(d, "0", "0.05", "50m", "1")))
	}
	if wild {
		switch d.IntN(9) {
		case 0:
			r.StabilizationWindowSeconds = ptr(pick(d, int32(-1), 3601))
		case 1:
			r.SelectPolicy = ptr(autoscalingv2.ScalingPolicySelect(pick(d, "", "max")))
		case 2:
			r.Policies = []autoscalingv2.HPAScalingPolicy{}
		case 3:
			r.Policies[0].Type = autoscalingv2.HPAScalingPolicyType(pick(d, "", "pods"))
		case 4:
			r.Policies[0].Value = pick(d, int32(0), -1)
		case 5:
			r.Policies[len(r.Policies)-1].PeriodSeconds = pick(d, int32(0), -1, 1801)
		case 6:
			r.Tolerance = ptr(resource.MustParse(pick(d, "-1", "-0.0001", "-1n", "-0")))
		}
	}
	return r
}

// tree is a value as JSON, its quantities both as they are (what the API carries) and in milli-units (what a vector carries).
func tree(value any) any {
	text, err := json.Marshal(value)
	must(err)
	var t any
	must(json.Unmarshal(text, &t))
	return inMilli(t)
}

func inMilli(t any) any {
	switch t := t.(type) {
	case []any:
		for i := range t {
			t[i] = inMilli(t[i])
		}
	case object:
		for _, key := range slices.Sorted(maps.Keys(t)) {
			text, isText := t[key].(string)
			switch {
			case isText && key == "tolerance":
				q := resource.MustParse(text)
				t[key] = q.AsApproximateFloat64()
			case isText && (key == "value" || key == "averageValue"):
				q := resource.MustParse(text)
				delete(t, key)
				t[key+"Milli"] = q.MilliValue()
			default:
				t[key] = inMilli(t[key])
			}
		}
	}
	return t
}

func defaults(d dice) (input, expected object) {
	given := d.rules(false)
	if given == nil {
		given = &autoscalingv2.HPAScalingRules{}
	}
	input = object{"direction": "up", "rules": tree(given)}
	filled := autoscalingapiv2.GenerateHPAScaleUpRules
	if d.chance(50) {
		input["direction"], filled = "down", autoscalingapiv2.GenerateHPAScaleDownRules
	}
	return input, tree(filled(given)).(object)
}

func (d dice) metric(wild bool) autoscalingv2.MetricSpec {
	name := autoscalingv2.MetricIdentifier{Name: pick(d, "qps", "a.b-c_d", "x:y")}
	value := func() *resource.Quantity {
		return resource.NewMilliQuantity(pick(d, int64(1), 100, 1500, 1000, 1000000, 1048576000), resource.DecimalSI)
	}
	percent := autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: ptr(pick(d, int32(1), 50, 250))}
	average := autoscalingv2.MetricTarget{Type: autoscalingv2.AverageValueMetricType, AverageValue: value()}
	whole := autoscalingv2.MetricTarget{Type: autoscalingv2.ValueMetricType, Value: value()}
	if wild {
		spoil := func(t *autoscalingv2.MetricTarget) {
			switch d.IntN(10) {
			case 0:
				t.Type = autoscalingv2.MetricTargetType(pick(d, "", "value"))
			case 1:
				t.Value = resource.NewQuantity(pick(d, int64(0), -1, 1), resource.DecimalSI)
			case 2:
				t.AverageValue = resource.NewQuantity(pick(d, int64(0), -1, 1), resource.DecimalSI)
			case 3:
				t.AverageUtilization = ptr(pick(d, int32(0), -1, 1))
			case 4:
				t.Value, t.AverageValue, t.AverageUtilization = nil, nil, nil
			}
		}
		spoil(&percent)
		spoil(&average)
		spoil(&whole)
		if d.chance(15) {
			name.Name = pick(d, "", ".", "..", "a/b", "50%", "a/%b")
		}
	}
	described := autoscalingv2.CrossVersionObjectReference{Kind: pick(d, "Service", "Service", "Service", "", "A/B"), Name: pick(d, "web", "web", "web", "", ".."), APIVersion: "v1"}
	if !wild {
		described = autoscalingv2.CrossVersionObjectReference{Kind: "Service", Name: "web", APIVersion: "v1"}
	}
	m := autoscalingv2.MetricSpec{}
	fill := func(kind int) {
		switch kind {
		case 0:
			m.Type, m.Resource = autoscalingv2.ResourceMetricSourceType, &autoscalingv2.ResourceMetricSource{Name: pick(d, v1.ResourceCPU, v1.ResourceMemory), Target: pick(d, percent, average)}
			if wild && d.chance(10) {
				m.Resource.Name = ""
			}
		case 1:
			m.Type, m.ContainerResource = autoscalingv2.ContainerResourceMetricSourceType, &autoscalingv2.ContainerResourceMetricSource{Name: pick(d, v1.ResourceCPU, v1.ResourceMemory), Container: "app", Target: pick(d, percent, average)}
			if wild && d.chance(25) {
				m.ContainerResource.Container = pick(d, "", "A", "-a", "a.b", strings.Repeat("a", 64), "a_b/%", "app")
				m.ContainerResource.Name = v1.ResourceName(pick(d, "", "foo", "x.io/y", "hugepages-2Mi", "a b", "cpu", "storage", "requests.cpu", "ephemeral-storage", "x/y/z", "kubernetes.io/foo", strings.Repeat("a", 64), "-x.io/a"))
			}
		case 2:
			m.Type, m.Pods = autoscalingv2.PodsMetricSourceType, &autoscalingv2.PodsMetricSource{Metric: name, Target: average}
		case 3:
			m.Type, m.Object = autoscalingv2.ObjectMetricSourceType, &autoscalingv2.ObjectMetricSource{Metric: name, DescribedObject: described, Target: pick(d, whole, average)}
		default:
			m.Type, m.External = autoscalingv2.ExternalMetricSourceType, &autoscalingv2.ExternalMetricSource{Metric: name, Target: pick(d, whole, average)}
		}
	}
	fill(d.IntN(5))
	if wild {
		switch kind := m.Type; d.IntN(9) {
		case 0:
			fill(d.IntN(5))
			m.Type = kind
		case 1:
			m.Type = autoscalingv2.MetricSourceType(pick(d, "", "resource", "Pods", "Object"))
		}
	}
	return m
}

func hpaDefaults(d dice) (input, expected object) {
	hpa := &autoscalingv2.HorizontalPodAutoscaler{}
	for range d.IntN(3) {
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, d.metric(false))
	}
	if d.chance(50) {
		hpa.Spec.MinReplicas = ptr(int32(d.IntN(4)))
	}
	if d.chance(60) {
		hpa.Spec.Behavior = &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: d.rules(false), ScaleDown: d.rules(false)}
	}
	pickOut := func() object {
		spec := tree(hpa.Spec).(object)
		return object{"minReplicas": spec["minReplicas"], "metrics": spec["metrics"], "behavior": spec["behavior"]}
	}
	input = pickOut()
	if input["metrics"] == nil && d.chance(50) {
		input["metrics"] = []any{}
	}
	autoscalingapiv2.SetDefaults_HorizontalPodAutoscaler(hpa)
	return input, pickOut()
}

func validated(d dice) (input, expected object) {
	hpa := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "h", Namespace: "default"}}
	hpa.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{Kind: "Deployment", Name: "web"}
	if d.chance(10) {
		hpa.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{Kind: pick(d, "", ".", "A/B%", "A"), Name: pick(d, "", "..", "a%", "a")}
	}
	hpa.Spec.MaxReplicas = 5
	if d.chance(60) {
		hpa.Spec.MinReplicas = ptr(pick(d, int32(0), 1, 1, 5, 6, -1))
	}
	for range d.IntN(3) {
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, d.metric(true))
	}
	if d.chance(40) {
		hpa.Spec.Behavior = &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: d.rules(true), ScaleDown: d.rules(true)}
	}
	internal := &autoscaling.HorizontalPodAutoscaler{}
	must(legacyscheme.Scheme.Convert(hpa, internal, nil))
	zero := d.chance(50)
	options := validation.HorizontalPodAutoscalerSpecValidationOptions{MinReplicasLowerBound: 1}
	options.ScaleTargetRefValidationOptions.AllowInvalidAPIVersion = true
	options.ObjectMetricsValidationOptions.AllowInvalidAPIVersion = true
	if zero {
		options.MinReplicasLowerBound = 0
	}
	problems := validation.ValidateHorizontalPodAutoscaler(internal, options)
	told := tree(hpa.Spec).(object)
	if b := hpa.Spec.Behavior; b != nil {
		for key, rules := range map[string]*autoscalingv2.HPAScalingRules{"scaleUp": b.ScaleUp, "scaleDown": b.ScaleDown} {
			if rules != nil && rules.Tolerance != nil {
				told["behavior"].(object)[key].(object)["tolerance"] = rules.Tolerance.String() // as a complaint about it shows it
			}
		}
	}
	expected = object{"valid": len(problems) == 0}
	if len(problems) > 0 {
		texts := []string{}
		for _, p := range problems {
			texts = append(texts, p.Error())
		}
		expected["firstErrorContains"], expected["errors"] = texts[0], texts
	}
	return object{"hpa": told, "zero": zero}, expected
}

func targets(d dice) (input, expected object) {
	hpa := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "h"}}
	hpa.Spec.Metrics, hpa.Status.CurrentMetrics = []autoscalingv2.MetricSpec{}, []autoscalingv2.MetricStatus{}
	for range d.IntN(5) {
		m := d.metric(false)
		if r := m.Resource; r != nil && r.Name == v1.ResourceMemory && r.Target.AverageValue != nil {
			r.Target.AverageValue.Format = resource.BinarySI // a vector has no format; memory is written so
		}
		if r := m.ContainerResource; r != nil && r.Name == v1.ResourceMemory && r.Target.AverageValue != nil {
			r.Target.AverageValue.Format = resource.BinarySI
		}
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, m)
		if len(hpa.Status.CurrentMetrics) < len(hpa.Spec.Metrics)-1 || d.chance(15) {
			continue
		}
		hpa.Status.CurrentMetrics = append(hpa.Status.CurrentMetrics, d.current(m))
	}
	generator := printers.NewTableGenerator().With(internalversion.AddHandlers)
	internal := &autoscaling.HorizontalPodAutoscaler{}
	must(legacyscheme.Scheme.Convert(hpa, internal, nil))
	table, err := generator.GenerateTable(internal, printers.GenerateOptions{})
	must(err)
	input = object{"metrics": tree(hpa.Spec.Metrics), "currentMetrics": tree(hpa.Status.CurrentMetrics)}
	return input, object{"text": table.Rows[0].Cells[2]}
}

func (d dice) current(m autoscalingv2.MetricSpec) (s autoscalingv2.MetricStatus) {
	if d.chance(12) {
		return s
	}
	value := func(name v1.ResourceName) *resource.Quantity {
		if name == v1.ResourceMemory {
			return resource.NewMilliQuantity(d.amount(), resource.BinarySI)
		}
		return resource.NewMilliQuantity(d.amount(), resource.DecimalSI)
	}
	s.Type = m.Type
	switch {
	case m.Resource != nil:
		s.Resource = &autoscalingv2.ResourceMetricStatus{Name: m.Resource.Name, Current: autoscalingv2.MetricValueStatus{AverageValue: value(m.Resource.Name)}}
		if m.Resource.Target.AverageUtilization != nil && d.chance(90) {
			s.Resource.Current.AverageUtilization = ptr(int32(d.IntN(400)))
		}
	case m.ContainerResource != nil:
		s.ContainerResource = &autoscalingv2.ContainerResourceMetricStatus{Name: m.ContainerResource.Name, Container: "app", Current: autoscalingv2.MetricValueStatus{AverageValue: value(m.ContainerResource.Name)}}
		if m.ContainerResource.Target.AverageUtilization != nil && d.chance(90) {
			s.ContainerResource.Current.AverageUtilization = ptr(int32(d.IntN(400)))
		}
	case m.Pods != nil:
		s.Pods = &autoscalingv2.PodsMetricStatus{Current: autoscalingv2.MetricValueStatus{AverageValue: value("")}}
	case m.Object != nil:
		s.Object = &autoscalingv2.ObjectMetricStatus{Current: autoscalingv2.MetricValueStatus{AverageValue: value(""), Value: value("")}}
	case m.External != nil:
		s.External = &autoscalingv2.ExternalMetricStatus{Current: autoscalingv2.MetricValueStatus{AverageValue: value(""), Value: value("")}}
	}
	return s
}
