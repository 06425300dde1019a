// The official OpenAI SDK with nothing but a base URL and a key. Prints one JSON line per call; fails loudly.
// usage: node openai.mjs BASE_URL KEY MODEL...
import OpenAI from "openai";

const [baseURL, apiKey, ...models] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const messages = [{ role: "user", content: "Say something short. sandbox:chunks=7" }];

for (const model of models) {
  const { data: whole, response } = await client.chat.completions.create({ model, messages }).withResponse();
  print(model, "whole", whole.choices[0].message.content, whole.choices[0].finish_reason, whole.usage, response.headers.get("x-request-id"));

  const { data: stream, response: streamed } = await client.chat.completions
    .create({ model, messages, stream: true, stream_options: { include_usage: true } })
    .withResponse();
  let text = "";
  let finish;
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  print(model, "stream", text, finish, usage, streamed.headers.get("x-request-id"));
}

await expect(OpenAI.NotFoundError, () => client.chat.completions.create({ model: "no-such-model", messages }));
await expect(OpenAI.AuthenticationError, () => new OpenAI({ baseURL, apiKey: "nonsense" }).chat.completions.create({ model: models[0], messages }));
await expect(OpenAI.RateLimitError, () =>
  new OpenAI({ baseURL, apiKey, maxRetries: 0 }).chat.completions.create({ model: models[0], messages: [{ role: "user", content: "sandbox:fail=429" }] }));
const listed = await client.models.list();
print("models", "list", listed.data.map((model) => model.id).join(" "), "stop", null, "");

function print(model, kind, text, finishReason, usage, requestId) {
  console.log(JSON.stringify({ model, kind, text, finishReason, usage, requestId }));
}

async function expect(type, call) {
  try {
    await call();
  } catch (error) {
    if (error instanceof type) {
      return;
    }
    throw error;
  }
  throw new Error(`expected ${type.name}`);
}
