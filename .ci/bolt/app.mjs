// A small Bolt app, written as Bolt's own guide says. The Go test TestBoltForJavaScript starts it against the
// simulated Slack and plays the person. It knows nothing of the simulator but the address of its Web API.
import bolt from '@slack/bolt';

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: bolt.LogLevel.WARN,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.command('/ask', async ({ ack, command }) => {
  await ack(`pong ${command.text}`);
});

app.command('/later', async ({ ack, respond }) => {
  await ack();
  await respond({ text: 'here it is', response_type: 'in_channel' });
});

app.command('/button', async ({ ack, client, command }) => {
  await ack();
  await client.chat.postMessage({
    channel: command.channel_id,
    text: 'Press it',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: 'Press it' } },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'press', value: '7', text: { type: 'plain_text', text: 'Press' } }],
      },
    ],
  });
});

app.action('press', async ({ ack, action, body, respond }) => {
  await ack();
  await respond({ text: `${body.user.id} pressed ${action.value}`, replace_original: true });
});

app.command('/form', async ({ ack, client, command }) => {
  await ack();
  await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'form',
      private_metadata: command.channel_id,
      title: { type: 'plain_text', text: 'Form' },
      submit: { type: 'plain_text', text: 'Send' },
      blocks: [
        {
          type: 'input',
          block_id: 'name',
          label: { type: 'plain_text', text: 'Name' },
          element: { type: 'plain_text_input', action_id: 'text' },
        },
      ],
    },
  });
});

app.view('form', async ({ ack, client, view }) => {
  const name = view.state.values.name.text.value;
  if (name !== 'right') {
    await ack({ response_action: 'errors', errors: { name: `${name} is not right` } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: view.private_metadata, text: `submitted ${name}` });
});

app.event('app_mention', async ({ event, say }) => {
  await say({ text: `you said ${event.text}`, thread_ts: event.ts });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({
    user_id: event.user,
    view: { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Home' } }] },
  });
});

process.on('SIGTERM', async () => {
  await app.stop();
  process.exit(0);
});

await app.start();
console.log('ready');
