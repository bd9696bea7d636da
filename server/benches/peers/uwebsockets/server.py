# The tutorial's chat on uWebSockets: everyone has a random id, every message goes to everyone, nothing is stored.
# It does not know that it is measured. What waits for a slow reader has a bound that no measurement reaches.

import json
import secrets

from socketify import App, CompressOptions, OpCode

EVERYONE = "everyone"

app = App()


def upgrade(response, request, context):
    response.upgrade(
        request.get_header("sec-websocket-key"),
        request.get_header("sec-websocket-protocol"),
        request.get_header("sec-websocket-extensions"),
        context,
        {"user": secrets.token_hex(16)},
    )


def opened(socket):
    socket.subscribe(EVERYONE)
    socket.send(json.dumps({"user": socket.get_user_data()["user"]}), OpCode.TEXT)


def said(socket, message, opcode):
    told = {"user": socket.get_user_data()["user"], "text": json.loads(message)["text"]}
    app.publish(EVERYONE, json.dumps(told), OpCode.TEXT)


app.ws(
    "/*",
    {
        "upgrade": upgrade,
        "open": opened,
        "message": said,
        "compression": CompressOptions.DISABLED,
        "max_backpressure": 64 * 1024 * 1024,
        "idle_timeout": 120,
    },
)
app.listen(
    {"host": "127.0.0.1", "port": 0},
    lambda place: print(f"uWebSockets is ready at http://localhost:{place.port}", flush=True),
)
app.run()
