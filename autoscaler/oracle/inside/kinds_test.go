//go:build inside

// Package podautoscaler is upstream's package of that name, its sources unchanged (`go test -overlay`), and these tests beside them: they give random, adversarial input to single
// functions of the controller and to single passes, and writes down what came out, as vectors of the kinds that have no sequence.
package podautoscaler

import (
	"context"
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
	"testing/synctest"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
	autoscalingapiv2 "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
	cmapi "k8s.io/metrics/pkg/apis/custom_metrics/v1beta2"
)

var (
	seed  = flag.Uint64("seed", 1, "of the first vector of each kind; the others follow")
	count = flag.Int("count", 100, "how many of each kind")
	out   = flag.String("out", ".", "folder to write to")
)

func TestKinds(t *testing.T) {
	kinds := map[string]func(dice) object{
		"calc": calc, "groupPods": grouped, "podRequests": podRequests, "utilizationRatio": utilizationRatio, "usageRatio": usageRatio,
		"legacyLimits": legacyLimits, "legacyStabilize": legacyStabilize, "behaviorRate": behaviorRate, "behaviorStabilize": behaviorStabilize,
		"rateLimit": rateLimit, "storeEvent": storeEvent, "statusQuantity": statusQuantity, "reconcile": reconcile, "selector": selector,
	}
	for n, kind := range slices.Sorted(maps.Keys(kinds)) {
		var vectors []object
		for i := range *count {
			synctest.Test(t, func(*testing.T) {
				vector := kinds[kind](dice{rand.New(rand.NewPCG(*seed+uint64(i), uint64(n)))})
				vector["id"], vector["kind"] = fmt.Sprintf("%s-%d", kind, *seed+uint64(i)), kind
				vectors = append(vectors, vector)
			})
		}
		file, err := os.Create(filepath.Join(*out, kind+".json"))
		must(err)
		must(json.NewEncoder(file).Encode(object{"schema": "hpa-vectors/1", "kind": kind, "count": len(vectors), "vectors": vectors}))
		must(file.Close())
	}
}

func vector(input, expected object) object { return object{"input": input, "expected": expected} }

func failed(err error, expected object) object {
	if err != nil {
		return object{"errorContains": err.Error()}
	}
	expected["errorContains"] = nil
	return expected
}

func calc(d dice) object {
	request, utilization := pick(d, int64(100), 250, 1000, 333), pick(d, int32(1), 30, 50, 70, 80, 100, 150, 300)
	current := int32(d.IntN(8))
	pods, told := d.pods(6, request)
	cpuInit, readiness := pick(d, 300, 120), pick(d, 30, 10)
	tolerances := Tolerances{0.1, 0.1}
	input := object{"currentReplicas": current, "pods": told, "tolerances": nil}
	if d.chance(25) {
		tolerances = Tolerances{pick(d, 0, 0.05, 0.2, 0.5, 1), pick(d, 0, 0.05, 0.2, 0.5, 1)}
		input["tolerances"] = object{"scaleDown": tolerances.scaleDown, "scaleUp": tolerances.scaleUp}
	}
	a := &answers{}
	c := NewReplicaCalculator(a.client(), inOrder(pods), time.Duration(cpuInit)*time.Second, time.Duration(readiness)*time.Second)
	all, ctx := labels.Everything(), context.Background()
	name := pick(d, v1.ResourceCPU, v1.ResourceCPU, v1.ResourceCPU, v1.ResourceMemory)
	container := pick(d, "", "", "app", "app", "side")
	target := pick(d, request, request/2, request*3, int64(1), 20000)
	function := pick(d, "resourceUtilization", "resourceUtilization", "resourceUtilization", "resourceAverageValue", "podsAverageValue", "objectValue", "objectAverageValue", "externalValue", "externalAverageValue")
	input["function"], input["target"] = function, target
	var expected object
	resources := func() {
		var usages object
		a.resourceError, a.resource, usages = d.usages(pods, request, utilization)
		input["resource"], input["container"], input["resourceMetrics"] = name, container, usages
	}
	switch function {
	case "resourceUtilization":
		resources()
		input["target"] = utilization
		n, percent, raw, _, err := c.GetResourceReplicas(ctx, current, utilization, name, tolerances, "default", all, container)
		expected = failed(err, object{"replicas": n, "utilization": percent, "rawValue": raw})
	case "resourceAverageValue":
		resources()
		n, usage, _, err := c.GetRawResourceReplicas(ctx, current, target, name, tolerances, "default", all, container)
		expected = failed(err, object{"replicas": n, "usage": usage})
	case "podsAverageValue":
		found, metrics := d.perPod(pods, target)
		a.custom = map[string]answer{"qps": found}
		input["metric"], input["customPodMetrics"] = "qps", object{"qps": metrics}
		n, usage, _, err := c.GetMetricReplicas(current, target, "qps", tolerances, "default", all, all)
		expected = failed(err, object{"replicas": n, "usage": usage})
	case "objectValue", "objectAverageValue":
		found, metric := d.one(target)
		a.objects = map[string]answer{"qps": found}
		metric["metric"], metric["kind"], metric["name"] = "qps", "Service", "web"
		input["metric"], input["describedObject"], input["objectMetrics"] = "qps", object{"kind": "Service", "name": "web"}, []object{metric}
		described := &autoscalingv2.CrossVersionObjectReference{Kind: "Service", Name: "web", APIVersion: "v1"}
		if function == "objectValue" {
			n, usage, _, err := c.GetObjectMetricReplicas(current, target, "qps", tolerances, "default", described, all, all)
			expected = failed(err, object{"replicas": n, "usage": usage})
		} else {
			input["statusReplicas"] = current
			n, usage, _, err := c.GetObjectPerPodMetricReplicas(current, target, "qps", tolerances, "default", described, all)
			expected = failed(err, object{"replicas": n, "usage": usage})
			if current == 0 || found.values != nil && found.values[0].Value.MilliValue() == 9223372036854775807 {
				delete(expected, "usage") // the development line reports another
			}
		}
	default:
		found, metric := d.series(target)
		a.external = map[string]answer{"queue": found}
		input["metric"], input["externalMetrics"] = "queue", object{"queue": metric}
		if function == "externalValue" {
			n, usage, _, err := c.GetExternalMetricReplicas(current, target, "queue", tolerances, "default", nil, all)
			expected = failed(err, object{"replicas": n, "usage": usage})
		} else {
			input["statusReplicas"] = current
			n, usage, _, err := c.GetExternalPerPodMetricReplicas(current, target, "queue", tolerances, "default", nil)
			expected = failed(err, object{"replicas": n, "usage": usage})
			if current == 0 {
				delete(expected, "usage")
			}
		}
	}
	if text, isError := expected["errorContains"].(string); isError && function != "resourceUtilization" && function != "resourceAverageValue" {
		_, inner, _ := strings.Cut(text, ": ") // the metric's name is told by the caller here
		if inner != "" && !strings.HasPrefix(text, "unable to calculate") {
			text = inner
		}
		_, innermost, cut := strings.Cut(text, "metrics API: ")
		if cut {
			text = innermost
		}
		expected["errorContains"] = text
	}
	v := vector(input, expected)
	v["config"] = object{"tolerance": 0.1, "cpuInitializationPeriodSeconds": cpuInit, "initialReadinessDelaySeconds": readiness}
	return v
}

func grouped(d dice) object {
	pods, told := d.pods(8, 100)
	name := pick(d, v1.ResourceCPU, v1.ResourceCPU, v1.ResourceMemory, v1.ResourceName(""))
	cpuInit, readiness := pick(d, 300, 120), pick(d, 30, 10)
	_, items, _ := d.usages(pods, 100, 50)
	samples, list := metricsclient.PodMetricsInfo{}, []object{}
	for _, item := range items {
		samples[item.Name] = metricsclient.PodMetric{Timestamp: item.Timestamp.Time, Window: item.Window.Duration, Value: 7}
		list = append(list, object{"pod": item.Name, "timestamp": time.Until(item.Timestamp.Time).Seconds(), "windowSeconds": item.Window.Seconds(), "valueMilli": 7})
	}
	ready, unready, missing, ignored := groupPods(pods, samples, name, time.Duration(cpuInit)*time.Second, time.Duration(readiness)*time.Second)
	v := vector(object{"pods": told, "metrics": list, "resource": name}, object{"readyPodCount": ready, "unready": sets.List(unready), "missing": sets.List(missing), "ignored": sets.List(ignored)})
	v["config"] = object{"cpuInitializationPeriodSeconds": cpuInit, "initialReadinessDelaySeconds": readiness}
	return v
}

func podRequests(d dice) object {
	pods, told := d.pods(3, pick(d, int64(1), 100, 250))
	container, name := pick(d, "", "", "app", "side", "init"), pick(d, v1.ResourceCPU, v1.ResourceMemory)
	requests, err := calculateRequests(pods, container, name)
	return vector(object{"pods": told, "container": container, "resource": name}, failed(err, object{"requestsMilli": requests}))
}

func (d dice) byPod(most int64) (map[string]int64, metricsclient.PodMetricsInfo) {
	amounts, metrics := map[string]int64{}, metricsclient.PodMetricsInfo{}
	for i := range d.IntN(6) {
		name := "p" + string(rune('0'+(i+d.IntN(2))))
		amounts[name] = d.Int64N(most)
		metrics[name] = metricsclient.PodMetric{Value: amounts[name]}
	}
	return amounts, metrics
}

func utilizationRatio(d dice) object {
	used, metrics := d.byPod(pick(d, int64(100), 100000, 9000000000000))
	requests, _ := d.byPod(pick(d, int64(2), 100, 100000, 9000000000000))
	target := pick(d, int32(1), 33, 50, 80, 130)
	ratio, percent, raw, err := metricsclient.GetResourceUtilizationRatio(metrics, requests, target)
	return vector(object{"metricsMilli": used, "requestsMilli": requests, "target": target}, failed(err, object{"ratio": ratio, "utilization": percent, "rawValue": raw}))
}

func usageRatio(d dice) object {
	used, metrics := d.byPod(pick(d, int64(100), 100000, 900000000000000000))
	if len(used) == 0 {
		used["p"], metrics["p"] = 3, metricsclient.PodMetric{Value: 3}
	}
	target := pick(d, int64(1), 33, 5000, 8000000)
	ratio, usage := metricsclient.GetMetricUsageRatio(metrics, target)
	return vector(object{"metricsMilli": used, "target": target}, object{"ratio": ratio, "usage": usage})
}

func (d dice) sizes() (current, desired, least, most int32) {
	least = int32(d.IntN(5))
	most = least + int32(d.IntN(15))
	return int32(d.IntN(20)), int32(d.IntN(30)), least, most
}

func legacyLimits(d dice) object {
	current, desired, least, most := d.sizes()
	n, reason, _ := convertDesiredReplicasWithRules(current, desired, least, most)
	return vector(object{"currentReplicas": current, "desiredReplicas": desired, "minReplicas": least, "maxReplicas": most}, object{"replicas": n, "reason": reason})
}

func (d dice) recommendations(bounds ...float64) (list []timestampedRecommendation, told []object) {
	told = []object{}
	for range d.IntN(6) {
		r, ago := int32(d.IntN(12)), pick(d, bounds...)+pick(d, 0, 0, 0.001, -0.001, 1, -1)
		list = append(list, timestampedRecommendation{r, at(-ago).Time})
		told = append(told, object{"replicas": r, "at": -ago})
	}
	return list, told
}

func legacyStabilize(d dice) object {
	window := pick(d, 0, 60, 300)
	past, told := d.recommendations(0, 60, 300, 1000)
	a := &HorizontalController{recommendations: map[string][]timestampedRecommendation{"k": past}, downscaleStabilisationWindow: time.Duration(window) * time.Second}
	desired := int32(d.IntN(12))
	n := a.stabilizeRecommendation("k", desired)
	v := vector(object{"recommendations": told, "desiredReplicas": desired}, object{"replicas": n, "recommendationCount": len(a.recommendations["k"])})
	v["config"] = object{"downscaleStabilizationSeconds": window}
	return v
}

func (d dice) rules(up bool) *autoscalingv2.HPAScalingRules {
	if d.chance(20) {
		return nil
	}
	rules := &autoscalingv2.HPAScalingRules{}
	if d.chance(50) {
		rules.StabilizationWindowSeconds = ptr(pick(d, int32(0), 15, 60, 300, 3600))
	}
	if d.chance(60) {
		rules.SelectPolicy = ptr(pick(d, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect, autoscalingv2.MinChangePolicySelect, autoscalingv2.DisabledPolicySelect))
	}
	if d.chance(75) {
		for range 1 + d.IntN(3) {
			policy := autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PodsScalingPolicy, Value: pick(d, int32(1), 2, 4, 10, 2147483647), PeriodSeconds: pick(d, int32(15), 30, 60, 1800)}
			if d.chance(50) {
				policy.Type, policy.Value = autoscalingv2.PercentScalingPolicy, pick(d, int32(1), 10, 33, 50, 100, 150, 200, 1000)
			}
			rules.Policies = append(rules.Policies, policy)
		}
	}
	if d.chance(15) {
		rules.Tolerance = ptr(milli(pick(d, int64(0), 50, 200, 1000)))
	}
	return rules
}

func told(r *autoscalingv2.HPAScalingRules) any {
	if r == nil {
		return nil
	}
	o := object{"stabilizationWindowSeconds": r.StabilizationWindowSeconds, "selectPolicy": r.SelectPolicy, "policies": nil, "tolerance": nil}
	if r.Policies != nil {
		policies := []object{}
		for _, p := range r.Policies {
			policies = append(policies, object{"type": p.Type, "value": p.Value, "periodSeconds": p.PeriodSeconds})
		}
		o["policies"] = policies
	}
	if r.Tolerance != nil {
		o["tolerance"] = r.Tolerance.AsApproximateFloat64()
	}
	return o
}

func (d dice) events() (list []timestampedScaleEvent, told []object) {
	told = []object{}
	for range d.IntN(5) {
		change, ago, outdated := int32(1+d.IntN(6)), pick(d, 0.0, 15, 30, 60, 1800, 2000)+pick(d, 0, 0, 0.001, -0.001, 1), d.chance(10)
		list = append(list, timestampedScaleEvent{change, at(-ago).Time, outdated})
		told = append(told, object{"change": change, "at": -ago, "outdated": outdated})
	}
	return list, told
}

func behaviorRate(d dice) object {
	current, desired, least, most := d.sizes()
	up, down := d.rules(true), d.rules(false)
	ups, toldUps := d.events()
	downs, toldDowns := d.events()
	a := &HorizontalController{scaleUpEvents: map[string][]timestampedScaleEvent{"k": ups}, scaleDownEvents: map[string][]timestampedScaleEvent{"k": downs}}
	n, reason, _ := a.convertDesiredReplicasWithBehaviorRate(NormalizationArg{Key: "k", ScaleUpBehavior: autoscalingapiv2.GenerateHPAScaleUpRules(up), ScaleDownBehavior: autoscalingapiv2.GenerateHPAScaleDownRules(down),
		MinReplicas: least, MaxReplicas: most, CurrentReplicas: current, DesiredReplicas: desired})
	return vector(object{"currentReplicas": current, "desiredReplicas": desired, "minReplicas": least, "maxReplicas": most, "behavior": object{"scaleUp": told(up), "scaleDown": told(down)},
		"scaleUpEvents": toldUps, "scaleDownEvents": toldDowns}, object{"replicas": n, "reason": reason})
}

func behaviorStabilize(d dice) object {
	current, desired, _, _ := d.sizes()
	up, down := pick(d, int32(0), 30, 60, 300), pick(d, int32(0), 30, 60, 300)
	past, told := d.recommendations(0, 30, 60, 300, 1000)
	a := &HorizontalController{recommendations: map[string][]timestampedRecommendation{"k": past}}
	n, _, _ := a.stabilizeRecommendationWithBehaviors(NormalizationArg{Key: "k", ScaleUpBehavior: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: &up},
		ScaleDownBehavior: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: &down}, CurrentReplicas: current, DesiredReplicas: desired})
	values := []int32{}
	for _, r := range a.recommendations["k"] {
		values = append(values, r.recommendation)
	}
	return vector(object{"currentReplicas": current, "desiredReplicas": desired, "recommendations": told, "scaleUpWindowSeconds": up, "scaleDownWindowSeconds": down}, object{"replicas": n, "recommendations": values})
}

func rateLimit(d dice) object {
	rules := d.rules(true)
	if rules == nil || rules.SelectPolicy == nil {
		rules = &autoscalingv2.HPAScalingRules{SelectPolicy: ptr(autoscalingv2.MinChangePolicySelect), Policies: []autoscalingv2.HPAScalingPolicy{{Type: autoscalingv2.PercentScalingPolicy, Value: 10, PeriodSeconds: 60}}}
	}
	ups, toldUps := d.events()
	downs, toldDowns := d.events()
	current := int32(d.IntN(300))
	input := object{"direction": "up", "currentReplicas": current, "rules": told(rules), "scaleUpEvents": toldUps, "scaleDownEvents": toldDowns}
	limit := calculateScaleUpLimitWithScalingRules
	if d.chance(50) {
		input["direction"], limit = "down", calculateScaleDownLimitWithBehaviors
	}
	return vector(input, object{"limit": limit(current, ups, downs, rules)})
}

func storeEvent(d dice) object {
	up := d.chance(50)
	events, toldEvents := d.events()
	before, change, period := int32(10), int32(1+d.IntN(9)), pick(d, int32(15), 60, 1800)
	rules := d.rules(up)
	input := object{"direction": "up", "previousReplicas": before, "newReplicas": before + change, "events": toldEvents, "rules": told(rules), "queryPeriodSeconds": period}
	a := &HorizontalController{scaleUpEvents: map[string][]timestampedScaleEvent{}, scaleDownEvents: map[string][]timestampedScaleEvent{}}
	kept := a.scaleUpEvents
	if !up {
		input["direction"], input["newReplicas"], kept = "down", before-change, a.scaleDownEvents
	}
	kept["k"] = events
	sum := getReplicasChangePerPeriod(period, events)
	if rules != nil {
		a.storeScaleEvent(&autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: rules, ScaleDown: rules}, "k", before, input["newReplicas"].(int32))
	}
	return vector(input, object{"changeInPeriodBefore": sum, "events": kept2(kept["k"])})
}

func kept2(events []timestampedScaleEvent) []object {
	list := []object{}
	for _, e := range events {
		list = append(list, object{"change": e.replicaChange, "at": time.Until(e.timestamp).Seconds(), "outdated": e.outdated})
	}
	return list
}

func statusQuantity(d dice) object {
	name, raw := pick(d, v1.ResourceCPU, v1.ResourceMemory, v1.ResourceName("foo.com/bar")), pick(d, int64(0), 1, 999, 1000, 1001, 1024000, 1024001, 104857600000, 12345678901, d.Int64N(1<<50))
	q := buildQuantity(name, raw)
	text, err := json.Marshal(q) // by way of the API, as a reader sees it
	must(err)
	must(json.Unmarshal(text, &q))
	return vector(object{"resource": name, "rawMilli": raw}, object{"valueMilli": q.MilliValue(), "format": buildQuantity(name, raw).Format, "text": q.String()})
}

func selector(d dice) object {
	parts := []string{"app", "web", "=", "==", "!=", ",", "in", "notin", "(", ")", "!", " ", "gt", ">", "<", "5", "x.io/app", "-a", "a-", "é", "", "tier", "a/b/c", "a b", strings.Repeat("x", 64)}
	text := pick(d, "app=web", "app==web,tier!=x", "app in (web,db),!gone", "app notin (a, b)", "n>5", "n<5,app", "app", "!app", "app in ()", "app=", "app in (,web)", "app=web,")
	if d.chance(60) {
		text = ""
		for range 1 + d.IntN(7) {
			text += pick(d, parts...)
		}
	} else if d.chance(50) {
		at := d.IntN(len(text))
		text = text[:at] + pick(d, parts...) + text[at+d.IntN(2):]
	}
	set := labels.Set{"app": pick(d, "web", "db", "a", ""), "n": pick(d, "5", "6", "4", "x")}
	if d.chance(30) {
		set["tier"] = pick(d, "x", "y")
	}
	s, err := labels.Parse(text)
	expected := failed(err, object{})
	if err == nil {
		expected["matches"] = s.Matches(set)
	}
	return vector(object{"selector": text, "labels": set}, expected)
}

var _ = cmapi.MetricValue{}
