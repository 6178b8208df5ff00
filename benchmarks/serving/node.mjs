// Node's own HTTP server with JSON.parse: what a plain service in Node costs. usage: node node.mjs PORT (on 127.0.0.1)
import {createServer} from 'node:http';

const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
        const flower = JSON.parse(Buffer.concat(parts).toString());
        const [, , length, width] = names.map(name => Math.fround(flower[name]));
        const prediction = length <= Math.fround(2.45) ? 'setosa' : width <= 1.75 ? 'versicolor' : 'virginica';
        const body = JSON.stringify({prediction});
        response.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body)}).end(body);
    });
}).listen({port: Number(process.argv[2]), host: '127.0.0.1', backlog: 8192});
