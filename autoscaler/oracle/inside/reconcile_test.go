//go:build inside

package podautoscaler

import (
	"context"
	"errors"
	"fmt"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	k8serrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/kubernetes/fake"
	scalefake "k8s.io/client-go/scale/fake"
	clienttesting "k8s.io/client-go/testing"
	autoscalingapiv2 "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/monitor"
	consistencyutil "k8s.io/kubernetes/pkg/controller/util/consistency"
	"k8s.io/kubernetes/pkg/controller/util/selectors"
)

// watcher keeps what a pass says beside the status: events and the labels of its own metrics.
type watcher struct {
	monitor.Monitor
	events        []object
	action, error string
	metrics       map[string]object
	twice         bool
}

func (w *watcher) Event(_ runtime.Object, kind, reason, message string) {
	w.events = append(w.events, object{"type": kind, "reason": reason, "message": message})
}
func (w *watcher) Eventf(o runtime.Object, kind, reason, format string, args ...interface{}) {
	w.Event(o, kind, reason, fmt.Sprintf(format, args...))
}
func (w *watcher) AnnotatedEventf(runtime.Object, map[string]string, string, string, string, ...interface{}) {
}
func (w *watcher) ObserveReconciliationResult(a monitor.ActionLabel, e monitor.ErrorLabel, _ time.Duration) {
	w.action, w.error = string(a), string(e)
}
func (w *watcher) ObserveMetricComputationResult(a monitor.ActionLabel, e monitor.ErrorLabel, _ time.Duration, t autoscalingv2.MetricSourceType) {
	w.twice = w.twice || w.metrics[string(t)] != nil
	w.metrics[string(t)] = object{"action": a, "error": e}
}
func (w *watcher) ObserveDesiredReplicas(string, string, int32) {}

func (d dice) target(value int64) (autoscalingv2.MetricTarget, object) {
	t := autoscalingv2.MetricTarget{Type: pick(d, autoscalingv2.ValueMetricType, autoscalingv2.AverageValueMetricType)}
	o := object{"type": t.Type}
	if t.Type == autoscalingv2.ValueMetricType || d.chance(5) {
		t.Value = ptr(milli(value))
		o["valueMilli"] = value
	}
	if t.Type == autoscalingv2.AverageValueMetricType || d.chance(5) {
		t.AverageValue = ptr(milli(value))
		o["averageValueMilli"] = value
	}
	if d.chance(3) {
		t.Type = autoscalingv2.UtilizationMetricType
		o["type"] = t.Type
	}
	return t, o
}

func (d dice) labelled() (*metav1.LabelSelector, any) {
	switch d.IntN(3) {
	case 0:
		return nil, nil
	case 1:
		return &metav1.LabelSelector{}, object{"matchLabels": object{}}
	}
	s := &metav1.LabelSelector{MatchLabels: map[string]string{"b": "c", "a": "x"}}
	return s, object{"matchLabels": s.MatchLabels}
}

// metrics makes a spec of some metrics, and what the APIs say of them.
func (d dice) metrics(pods []*v1.Pod, request int64, a *answers, input object) (specs []autoscalingv2.MetricSpec, list []object) {
	a.custom, a.objects, a.external = map[string]answer{}, map[string]answer{}, map[string]answer{}
	custom, objects, external := object{}, []object{}, object{}
	percent := pick(d, int32(30), 50, 80, 150)
	var usages object
	a.resourceError, a.resource, usages = d.usages(pods, request, percent)
	for n := range pick(d, 1, 1, 1, 2, 2, 3) {
		value := pick(d, request, request/2, 20000)
		metric := fmt.Sprintf("m%d", n)
		switch d.IntN(13) {
		case 0, 1, 2, 3, 4, 5:
			t, o := autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: &percent}, object{"type": "Utilization", "averageUtilization": percent}
			if d.chance(25) {
				t, o = autoscalingv2.MetricTarget{Type: autoscalingv2.AverageValueMetricType, AverageValue: ptr(milli(value))}, object{"type": "AverageValue", "averageValueMilli": value}
			} else if d.chance(5) {
				t, o = autoscalingv2.MetricTarget{}, object{}
			}
			name := pick(d, v1.ResourceCPU, v1.ResourceCPU, v1.ResourceMemory)
			if d.chance(60) {
				specs = append(specs, autoscalingv2.MetricSpec{Type: autoscalingv2.ResourceMetricSourceType, Resource: &autoscalingv2.ResourceMetricSource{Name: name, Target: t}})
				list = append(list, object{"type": "Resource", "resource": object{"name": name, "target": o}})
			} else {
				container := pick(d, "app", "app", "app2", "nowhere")
				specs = append(specs, autoscalingv2.MetricSpec{Type: autoscalingv2.ContainerResourceMetricSourceType, ContainerResource: &autoscalingv2.ContainerResourceMetricSource{Name: name, Container: container, Target: t}})
				list = append(list, object{"type": "ContainerResource", "containerResource": object{"name": name, "container": container, "target": o}})
			}
		case 6, 7:
			a.custom[metric], custom[metric] = pair(d.perPod(pods, value))
			specs = append(specs, autoscalingv2.MetricSpec{Type: autoscalingv2.PodsMetricSourceType, Pods: &autoscalingv2.PodsMetricSource{Metric: autoscalingv2.MetricIdentifier{Name: metric},
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.AverageValueMetricType, AverageValue: ptr(milli(value))}}})
			list = append(list, object{"type": "Pods", "pods": object{"metric": object{"name": metric}, "target": object{"type": "AverageValue", "averageValueMilli": value}}})
		case 8, 9:
			found, said := d.one(value)
			a.objects[metric] = found
			said["metric"], said["kind"], said["name"] = metric, "Service", "web"
			objects = append(objects, said)
			t, o := d.target(value)
			s, labelled := d.labelled()
			specs = append(specs, autoscalingv2.MetricSpec{Type: autoscalingv2.ObjectMetricSourceType, Object: &autoscalingv2.ObjectMetricSource{Metric: autoscalingv2.MetricIdentifier{Name: metric, Selector: s},
				DescribedObject: autoscalingv2.CrossVersionObjectReference{Kind: "Service", Name: "web", APIVersion: "v1"}, Target: t}})
			list = append(list, object{"type": "Object", "object": object{"metric": object{"name": metric, "selector": labelled}, "describedObject": object{"kind": "Service", "name": "web", "apiVersion": "v1"}, "target": o}})
		case 10, 11:
			a.external[metric], external[metric] = pair(d.series(value))
			t, o := d.target(value)
			s, labelled := d.labelled()
			specs = append(specs, autoscalingv2.MetricSpec{Type: autoscalingv2.ExternalMetricSourceType, External: &autoscalingv2.ExternalMetricSource{Metric: autoscalingv2.MetricIdentifier{Name: metric, Selector: s}, Target: t}})
			list = append(list, object{"type": "External", "external": object{"metric": object{"name": metric, "selector": labelled}, "target": o}})
		default:
			specs = append(specs, autoscalingv2.MetricSpec{Type: "Strange"})
			list = append(list, object{"type": "Strange"})
		}
	}
	input["resourceMetrics"], input["customPodMetrics"], input["objectMetrics"], input["externalMetrics"] = usages, custom, objects, external
	return specs, list
}

func pair(a answer, told object) (answer, object) { return a, told }

var texts = map[string]string{"AbleToScale": "ReadyForNewScale", "ScalingActive": "ValidMetricFound", "ScalingLimited": "DesiredWithinRange", "ScaledToZero": "ScaledToZero"}

func (d dice) status() (s autoscalingv2.HorizontalPodAutoscalerStatus, told object) {
	s.CurrentReplicas, s.DesiredReplicas = int32(d.IntN(6)), int32(d.IntN(6))
	conditions := []object{}
	for _, kind := range []string{"ScaledToZero", "AbleToScale", "ScalingActive", "ScalingLimited"} {
		if d.chance(50) {
			status := pick(d, v1.ConditionTrue, v1.ConditionTrue, v1.ConditionFalse)
			s.Conditions = append(s.Conditions, autoscalingv2.HorizontalPodAutoscalerCondition{Type: autoscalingv2.HorizontalPodAutoscalerConditionType(kind), Status: status, Reason: texts[kind], Message: "before", LastTransitionTime: at(-90)})
			conditions = append(conditions, object{"type": kind, "status": status, "reason": texts[kind], "message": "before", "lastTransitionTime": -90})
		}
	}
	told = object{"currentReplicas": s.CurrentReplicas, "desiredReplicas": s.DesiredReplicas, "lastScaleTime": nil, "conditions": conditions}
	if d.chance(40) {
		s.LastScaleTime = ptr(at(-70))
		told["lastScaleTime"] = -70
	}
	return s, told
}

func reconcile(d dice) object {
	gate := !d.chance(15)
	must(utilfeature.DefaultMutableFeatureGate.Set(fmt.Sprintf("HPAScaleToZero=%v", gate)))
	request := pick(d, int64(100), 250, 1000)
	pods, toldPods := d.pods(6, request)
	input, a := object{"pods": toldPods}, &answers{}
	specs, list := d.metrics(pods, request, a, input)
	least := int32(d.IntN(4))
	most := max(1, least+int32(d.IntN(6)))
	hpa := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "h", Namespace: "default", Generation: 1},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{Kind: "Deployment", Name: "web", APIVersion: "apps/v1"}, MinReplicas: &least, MaxReplicas: most, Metrics: specs}}
	told0 := object{"name": "h", "namespace": "default", "scaleTargetRef": object{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": least, "maxReplicas": most, "metrics": list, "behavior": nil}
	if d.chance(10) {
		hpa.Spec.MinReplicas, told0["minReplicas"] = nil, nil
	}
	if d.chance(50) {
		up, down := d.rules(true), d.rules(false)
		told0["behavior"] = object{"scaleUp": told(up), "scaleDown": told(down)}
		hpa.Spec.Behavior = &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: up, ScaleDown: down}
		autoscalingapiv2.SetDefaults_HorizontalPodAutoscalerBehavior(hpa)
	}
	found := true
	if d.chance(4) {
		ref, toldRef := &hpa.Spec.ScaleTargetRef, told0["scaleTargetRef"].(object)
		if found = d.chance(50); found {
			ref.APIVersion, toldRef["apiVersion"] = "a/b/c", "a/b/c"
		} else {
			ref.Kind, toldRef["kind"] = "Strange", "Strange"
		}
	}
	hpa.Status, told0["status"] = d.status()
	input["hpa"] = told0

	scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"}, Spec: autoscalingv1.ScaleSpec{Replicas: pick(d, 0, least, most, int32(len(pods)), int32(len(pods)), int32(d.IntN(9)))},
		Status: autoscalingv1.ScaleStatus{Replicas: pick(d, int32(len(pods)), int32(d.IntN(9))), Selector: pick(d, "app=web", "app=web", "app=web", "app=web", "app=web", "app=web", "app=web", "app in (web,db)", "", "app=web,tier=x", "app in (")}}
	errorsLeft := []string{}
	if d.chance(10) {
		for range 1 + d.IntN(6) {
			errorsLeft = append(errorsLeft, pick(d, "Conflict", "Conflict", "Conflict", "Conflict", "no"))
		}
	}
	toldScale := object{"specReplicas": scale.Spec.Replicas, "statusReplicas": scale.Status.Replicas, "selector": scale.Status.Selector, "getError": nil, "updateErrors": append([]string{}, errorsLeft...)}
	input["scale"] = toldScale
	conflicts := len(errorsLeft) > 0
	getError := d.chance(3)
	if getError {
		toldScale["getError"] = "gone fishing"
	}
	if !found {
		getError = true
		toldScale["found"], toldScale["getError"] = false, "no matches for apps/, Resource=Strange"
	}
	scales := &scalefake.FakeScaleClient{}
	scales.AddReactor("get", "*", func(clienttesting.Action) (bool, runtime.Object, error) {
		if getError {
			return true, nil, errors.New("gone fishing")
		}
		return true, scale.DeepCopy(), nil
	})
	var scaledTo any
	scales.AddReactor("update", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		if len(errorsLeft) > 0 {
			next := errorsLeft[0]
			errorsLeft = errorsLeft[1:]
			if next == "Conflict" {
				return true, nil, k8serrors.NewConflict(schema.GroupResource{Resource: "deployments"}, "web", errors.New("Conflict"))
			}
			return true, nil, errors.New(next)
		}
		written := action.(clienttesting.UpdateAction).GetObject().(*autoscalingv1.Scale)
		scaledTo = written.Spec.Replicas
		return true, written, nil
	})
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{{Group: "apps", Version: "v1"}})
	mapper.Add(schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}, meta.RESTScopeNamespace)

	client, w := fake.NewSimpleClientset(hpa), &watcher{metrics: map[string]object{}}
	downscale, cpuInit, readiness := pick(d, 300, 300, 60, 0), pick(d, 300, 120), pick(d, 30, 10)
	lister := inOrder(pods)
	c := &HorizontalController{scaleNamespacer: scales, hpaNamespacer: client.AutoscalingV2(), mapper: mapper, tolerance: 0.1, podLister: lister, eventRecorder: w, monitor: w,
		replicaCalc:                  NewReplicaCalculator(a.client(), lister, time.Duration(cpuInit)*time.Second, time.Duration(readiness)*time.Second),
		downscaleStabilisationWindow: time.Duration(downscale) * time.Second, selectorTracker: newHPASelectorStore(), consistencyStore: consistencyutil.NewNoopConsistencyStore(),
		recommendations: map[string][]timestampedRecommendation{}, scaleUpEvents: map[string][]timestampedScaleEvent{}, scaleDownEvents: map[string][]timestampedScaleEvent{}}
	key := "default/h"
	history := object{"recommendations": nil}
	if d.chance(70) {
		c.recommendations[key], history["recommendations"] = recommended(d.recommendations(0, 15, 60, 300, 1000))
	}
	c.scaleUpEvents[key], history["scaleUpEvents"] = happened(d.events())
	c.scaleDownEvents[key], history["scaleDownEvents"] = happened(d.events())
	input["history"] = history
	c.selectorTracker.PutIfAbsent("default", selectors.Key{Name: "h", Namespace: "default"}, labels.Nothing())
	others := []object{}
	if d.chance(12) {
		for n := range 1 + d.IntN(2) {
			name, text := fmt.Sprintf("o%d", n), pick(d, "app=web", "app=db", "app", "tier")
			parsed, err := labels.Parse(text)
			must(err)
			c.selectorTracker.PutIfAbsent("default", selectors.Key{Name: name, Namespace: "default"}, parsed)
			others = append(others, object{"name": name, "selector": text})
		}
	}
	input["otherHpas"] = others

	err := c.reconcileAutoscaler(context.Background(), hpa, key)
	after, getErr := client.AutoscalingV2().HorizontalPodAutoscalers("default").Get(context.Background(), "h", metav1.GetOptions{})
	must(getErr)
	v := vector(input, observed(after, err, w, scaledTo, len(others) > 0, conflicts))
	if !conflicts && !getError && hpa.Spec.ScaleTargetRef.APIVersion == "apps/v1" {
		v["expected"].(object)["history"] = object{"recommendations": remembered(c.recommendations[key]), "scaleUpEvents": kept2(c.scaleUpEvents[key]), "scaleDownEvents": kept2(c.scaleDownEvents[key])}
	}
	v["features"] = object{"HPAScaleToZero": gate, "HPAConfigurableTolerance": true, "scaleToZeroModel": "condition"}
	v["config"] = object{"tolerance": 0.1, "downscaleStabilizationSeconds": downscale, "cpuInitializationPeriodSeconds": cpuInit, "initialReadinessDelaySeconds": readiness}
	return v
}

func recommended(list []timestampedRecommendation, told []object) ([]timestampedRecommendation, []object) {
	if list == nil {
		list = []timestampedRecommendation{}
	}
	return list, told
}
func happened(list []timestampedScaleEvent, told []object) ([]timestampedScaleEvent, []object) {
	return list, told
}

func remembered(list []timestampedRecommendation) []object {
	told := []object{}
	for _, r := range list {
		told = append(told, object{"replicas": r.recommendation, "at": time.Until(r.timestamp).Seconds()})
	}
	return told
}

func observed(after *autoscalingv2.HorizontalPodAutoscaler, err error, w *watcher, scaledTo any, vague, conflicts bool) object {
	conditions, current, reasons := []object{}, []object{}, []string{}
	exact := !vague && !conflicts // which rivals are named, and a conflict's own words, are left out
	for _, c := range after.Status.Conditions {
		o := object{"type": c.Type, "status": c.Status, "reason": c.Reason}
		if exact {
			o["message"], o["lastTransitionTime"] = c.Message, time.Until(c.LastTransitionTime.Time).Seconds()
		}
		conditions = append(conditions, o)
	}
	for _, m := range after.Status.CurrentMetrics {
		current = append(current, shown(m))
	}
	expected := object{"desiredReplicas": after.Status.DesiredReplicas, "currentReplicas": after.Status.CurrentReplicas, "scaledTo": scaledTo, "conditions": conditions, "currentMetrics": current,
		"hasError": err != nil, "action": w.action, "errorLabel": w.error, "rescaleEventMessage": nil}
	if !w.twice {
		expected["metricResults"] = w.metrics
	}
	for _, e := range w.events {
		reasons = append(reasons, e["reason"].(string))
		if e["reason"] == "SuccessfulRescale" {
			expected["rescaleEventMessage"] = e["message"]
		}
	}
	expected["eventReasons"] = reasons
	expected["lastScaleTime"] = nil
	if t := after.Status.LastScaleTime; t != nil && !conflicts {
		expected["lastScaleTime"] = time.Until(t.Time).Seconds()
	} else if conflicts {
		delete(expected, "lastScaleTime")
	}
	if exact {
		expected["events"] = w.events
		if err != nil {
			expected["errorContains"] = err.Error()
		}
	}
	return expected
}

func shown(m autoscalingv2.MetricStatus) object {
	var v autoscalingv2.MetricValueStatus
	switch {
	case m.Resource != nil:
		v = m.Resource.Current
	case m.ContainerResource != nil:
		v = m.ContainerResource.Current
	case m.Pods != nil:
		v = m.Pods.Current
	case m.Object != nil:
		v = m.Object.Current
	case m.External != nil:
		v = m.External.Current
	}
	o := object{"type": m.Type, "averageUtilization": v.AverageUtilization, "averageValueMilli": nil, "valueMilli": nil}
	if v.AverageValue != nil {
		o["averageValueMilli"] = v.AverageValue.MilliValue()
	}
	if v.Value != nil {
		o["valueMilli"] = v.Value.MilliValue()
	}
	return o
}
