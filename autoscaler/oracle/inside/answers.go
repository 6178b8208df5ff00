//go:build inside

package podautoscaler

import (
	"context"
	"errors"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	corelisters "k8s.io/client-go/listers/core/v1"
	clienttesting "k8s.io/client-go/testing"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
	cmapi "k8s.io/metrics/pkg/apis/custom_metrics/v1beta2"
	emapi "k8s.io/metrics/pkg/apis/external_metrics/v1beta1"
	metricsapi "k8s.io/metrics/pkg/apis/metrics/v1beta1"
	resourceclient "k8s.io/metrics/pkg/client/clientset/versioned/typed/metrics/v1beta1"
	cmfake "k8s.io/metrics/pkg/client/custom_metrics/fake"
	emfake "k8s.io/metrics/pkg/client/external_metrics/fake"
)

// inOrder lists pods in the order in which they stand: a store's own order changes from run to run, and with it which pod an error names.
type inOrder []*v1.Pod

func (l inOrder) List(s labels.Selector) (found []*v1.Pod, err error) {
	for _, p := range l {
		if s.Matches(labels.Set(p.Labels)) {
			found = append(found, p)
		}
	}
	return found, nil
}
func (l inOrder) Pods(string) corelisters.PodNamespaceLister { return l }
func (l inOrder) Get(string) (*v1.Pod, error)                { return nil, errors.New("not asked for") }

// answers is what the three metrics APIs say.
type answers struct {
	resourceError string
	resource      []metricsapi.PodMetrics
	custom        map[string]answer
	objects       map[string]answer
	external      map[string]answer
}

type answer struct {
	err    string
	values []cmapi.MetricValue
	series []int64
}

type podMetricses struct{ a *answers }
type podMetrics struct {
	resourceclient.PodMetricsInterface
	a *answers
}

func (c podMetricses) PodMetricses(string) resourceclient.PodMetricsInterface {
	return podMetrics{a: c.a}
}
func (c podMetrics) List(context.Context, metav1.ListOptions) (*metricsapi.PodMetricsList, error) {
	if c.a.resourceError != "" {
		return nil, errors.New(c.a.resourceError)
	}
	return &metricsapi.PodMetricsList{Items: c.a.resource}, nil
}

func (a *answers) client() metricsclient.MetricsClient {
	custom, external := &cmfake.FakeCustomMetricsClient{}, &emfake.FakeExternalMetricsClient{}
	custom.AddReactor("get", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		get := action.(cmfake.GetForAction)
		found := a.custom[get.GetMetricName()]
		if get.GetName() != "*" {
			found = a.objects[get.GetMetricName()]
		}
		if found.err != "" {
			return true, nil, errors.New(found.err)
		}
		return true, &cmapi.MetricValueList{Items: found.values}, nil
	})
	external.AddReactor("list", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		found := a.external[action.GetResource().Resource]
		if found.err != "" {
			return true, nil, errors.New(found.err)
		}
		list := &emapi.ExternalMetricValueList{}
		for _, v := range found.series {
			list.Items = append(list.Items, emapi.ExternalMetricValue{Value: milli(v)})
		}
		return true, list, nil
	})
	return metricsclient.NewRESTMetricsClient(podMetricses{a}, custom, external)
}

func (d dice) perPod(pods []*v1.Pod, target int64) (answer, object) {
	items := []object{}
	if d.chance(5) {
		return answer{err: outage}, object{"error": outage, "items": items}
	}
	level := pick(d, 0, 0.3, 0.899, 0.9, 1, 1, 1.1, 1.1001, 1.6, 4, -1)
	var values []cmapi.MetricValue
	for _, p := range pods {
		if d.chance(10) {
			continue
		}
		amount := int64(float64(target) * level * pick(d, 1, 1, 1, 0.8, 1.2))
		v := cmapi.MetricValue{DescribedObject: v1.ObjectReference{Kind: "Pod", Name: p.Name, Namespace: "default"}, Timestamp: at(0), Value: milli(amount)}
		item := object{"pod": p.Name, "valueMilli": amount, "timestamp": 0}
		if d.chance(70) {
			v.WindowSeconds = ptr(int64(15))
			item["windowSeconds"] = 15
		}
		values, items = append(values, v), append(items, item)
	}
	return answer{values: values}, object{"error": nil, "items": items}
}

func (d dice) total(target int64) int64 {
	if d.chance(3) {
		return pick(d, int64(1<<62), 1<<61, 9007199254740993, 2147483648000)
	}
	return int64(float64(target) * pick(d, 0, 0.3, 0.8999, 0.9, 1, 1, 1.1, 1.1001, 1.7, 3, 4.5, 7, 100))
}

func (d dice) one(target int64) (answer, object) {
	if d.chance(5) {
		return answer{err: outage}, object{"error": outage}
	}
	amount := d.total(target)
	return answer{values: []cmapi.MetricValue{{Value: milli(amount), Timestamp: at(0)}}}, object{"valueMilli": amount}
}

func (d dice) series(target int64) (answer, object) {
	values := []int64{}
	if d.chance(5) {
		return answer{err: outage}, object{"error": outage, "valuesMilli": values}
	}
	for range d.IntN(4) {
		values = append(values, d.total(target)/pick(d, int64(1), 1, 2, -1))
	}
	return answer{series: values}, object{"error": nil, "valuesMilli": values}
}
