//go:build inside

package podautoscaler

import (
	"math/rand/v2"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metricsapi "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

type object = map[string]any

func ptr[T any](v T) *T { return &v }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// dice picks; small sets of values on purpose, so that bounds are met exactly.
type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool  { return d.IntN(100) < percent }
func pick[T any](d dice, values ...T) T { return values[d.IntN(len(values))] }

func at(seconds float64) metav1.Time {
	return metav1.NewTime(time.Now().Add(time.Duration(seconds * float64(time.Second))))
}

func milli(amount int64) resource.Quantity {
	return *resource.NewMilliQuantity(amount, resource.DecimalSI)
}

func amounts(list v1.ResourceList) object {
	o := object{}
	for name, q := range list {
		o[string(name)] = q.MilliValue()
	}
	return o
}

const selected = "web"

// pods makes some pods, as objects and as a vector has them.
func (d dice) pods(most int, request int64) (pods []*v1.Pod, told []object) {
	told = []object{}
	sidecars := d.chance(15)
	for i := range d.IntN(most + 1) {
		p := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p" + string(rune('0'+i)), Namespace: "default", Labels: map[string]string{"app": selected}}}
		o := object{"name": p.Name, "labels": p.Labels, "startTime": nil, "ready": nil, "readyTransition": nil, "deleted": false}
		p.Status.Phase = pick(d, v1.PodRunning, v1.PodRunning, v1.PodRunning, v1.PodRunning, v1.PodRunning, v1.PodRunning, v1.PodRunning, v1.PodPending, v1.PodFailed, v1.PodUnknown)
		o["phase"] = string(p.Status.Phase)
		start := pick(d, -0.5, -1.0, -9.0, -10.0, -11.0, -29.0, -30.0, -31.0, -60.0, -119.0, -120.0, -121.0, -299.0, -300.0, -301.0, -600.0, -600.0, -600.0, -600.0)
		if !d.chance(4) {
			p.Status.StartTime = ptr(at(start))
			o["startTime"] = start
		}
		if !d.chance(4) {
			status := pick(d, v1.ConditionTrue, v1.ConditionTrue, v1.ConditionTrue, v1.ConditionTrue, v1.ConditionFalse, v1.ConditionUnknown)
			since := start + pick(d, 0.0, 0.0, 1.0, 9.0, 10.0, 11.0, 29.0, 30.0, 31.0, 60.0)
			p.Status.Conditions = []v1.PodCondition{{Type: v1.PodReady, Status: status, LastTransitionTime: at(since)}}
			o["ready"], o["readyTransition"] = string(status), since
		}
		if d.chance(6) {
			p.DeletionTimestamp = ptr(at(-1))
			o["deleted"] = true
		}
		var containers, inits []object
		add := func(name string, restart *v1.ContainerRestartPolicy) (v1.Container, object) {
			c := v1.Container{Name: name, RestartPolicy: restart, Resources: v1.ResourceRequirements{Requests: v1.ResourceList{v1.ResourceMemory: milli(request * 1000)}}}
			if !d.chance(2) {
				c.Resources.Requests[v1.ResourceCPU] = milli(pick(d, request, request, request, request/2, 0))
			}
			told := object{"name": name, "requestsMilli": amounts(c.Resources.Requests)}
			if restart != nil {
				told["restartPolicy"] = string(*restart)
			}
			return c, told
		}
		for n := range 1 + d.IntN(2) {
			c, told := add(pick(d, "app", "app", "app", "app", "app", "app", "other")+[]string{"", "2"}[n], nil)
			p.Spec.Containers, containers = append(p.Spec.Containers, c), append(containers, told)
		}
		if sidecars {
			for n := range d.IntN(3) {
				restart := pick(d, ptr(v1.ContainerRestartPolicyAlways), ptr(v1.ContainerRestartPolicyAlways), nil)
				c, told := add([]string{"side", "init"}[n], restart)
				p.Spec.InitContainers, inits = append(p.Spec.InitContainers, c), append(inits, told)
			}
			o["initContainers"] = inits
		}
		if d.chance(6) {
			list := v1.ResourceList{v1.ResourceCPU: milli(request * 3)}
			if d.chance(30) {
				list = v1.ResourceList{v1.ResourceMemory: milli(request * 3000)}
			}
			p.Spec.Resources = &v1.ResourceRequirements{Requests: list}
			o["podRequestsMilli"] = amounts(list)
		}
		o["containers"] = containers
		pods, told = append(pods, p), append(told, o)
	}
	return pods, told
}

var outage = "the server is currently unable to handle the request"

// usages makes what metrics.k8s.io would answer.
func (d dice) usages(pods []*v1.Pod, request int64, target int32) (err string, items []metricsapi.PodMetrics, told object) {
	list := []object{}
	if d.chance(4) {
		return outage, nil, object{"error": outage, "items": list}
	}
	level := pick(d, 0, 0.2, 0.45, 0.899, 0.9, 0.95, 1, 1, 1.05, 1.1, 1.101, 1.5, 2, 3.7)
	names := []string{}
	for _, p := range pods {
		if !d.chance(10) {
			names = append(names, p.Name)
		}
	}
	if d.chance(8) {
		names = append(names, "stranger")
	}
	if d.chance(3) {
		names = nil
	}
	for _, name := range names {
		when, window := pick(d, 0.0, -1.0, -10.0, -15.0, -30.0, -60.0, -600.0), pick(d, 0.0, 15.0, 15.0, 30.0, 60.0)
		item := metricsapi.PodMetrics{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Timestamp: at(when), Window: metav1.Duration{Duration: time.Duration(window) * time.Second}}
		containers := []object{}
		for n := range d.IntN(8) / 2 {
			if n > 1 {
				continue
			}
			amount := int64(float64(request) * float64(target) / 100 * level * pick(d, 1, 1, 1, 1, 0.9, 1.1, 1.3))
			c := metricsapi.ContainerMetrics{Name: []string{"app", "app2"}[n], Usage: v1.ResourceList{v1.ResourceMemory: *resource.NewMilliQuantity(amount*1000, resource.BinarySI)}}
			if !d.chance(3) {
				c.Usage[v1.ResourceCPU] = milli(amount)
			}
			item.Containers = append(item.Containers, c)
			containers = append(containers, object{"name": c.Name, "usageMilli": amounts(c.Usage)})
		}
		items = append(items, item)
		list = append(list, object{"pod": name, "timestamp": when, "windowSeconds": window, "containers": containers})
	}
	return "", items, object{"error": nil, "items": list}
}
