"""Who hears whom: queues, topics, exchanges, message classes."""

import pytest

from tests.discovery.memory import calls, discovered, events, node


def pair(sender: tuple[str, str], taker: tuple[str, str], **more: str) -> dict[str, str]:
    """A service `orders` with one file, and a service `mail` with another."""
    return {
        "orders/package.json": node("orders"),
        "orders/index.js": "app.listen(1)",
        "mail/index.js": "app.listen(1)",
        f"orders/{sender[0]}": sender[1],
        "mail/package.json": node("mail"),
        f"mail/{taker[0]}": taker[1],
    } | more


@pytest.mark.parametrize(
    ("sender", "taker"),
    [
        (("a.py", "ch.basic_publish(exchange='shop', routing_key='placed', body=b)"), ("b.go", 'ch.QueueBind(q.Name, "placed", "shop", false, nil)')),
        (("A.java", 'rabbitTemplate.convertAndSend("placed", order);'), ("B.java", '@RabbitListener(queues = "placed")\nvoid on(Order o) {}')),
        (("A.java", 'kafkaTemplate.send("placed", order);'), ("B.java", '@KafkaListener(topics = {"placed"}, groupId = "mail")')),
        (("a.js", "await producer.send({ topic: 'placed', messages })"), ("b.js", "await consumer.subscribe({ topic: 'placed' })")),
        (("a.go", 'msg := sarama.ProducerMessage{Topic: "placed"}'), ("b.cs", '_consumer.Subscribe("placed");')),
        (("a.go", 'nc.Publish("orders.placed", data)'), ("b.go", 'nc.Subscribe("orders.*", handle)')),
        (("a.ts", "this.client.emit('placed', order)"), ("b.ts", "@EventPattern('placed')\nhandle(order) {}")),
        (("a.py", "client.publish_event(pubsub_name='pubsub', topic_name='placed', data=d)"), ("B.cs", '[Topic("pubsub", "placed")]')),
        (("a.py", "redis.rpush('placed', data)"), ("B.cs", 'redis.ListLeftPopAsync("placed")')),
        (("A.cs", "await bus.Publish(new OrderPlaced(id));"), ("B.cs", "class Mailer : IConsumer<OrderPlaced> {}")),
        (("A.java", "publisher.publish(order, List.of(new OrderPlaced()));"), ("B.java", ".onEvent(OrderPlaced.class, this::handle)")),
        (("A.java", '@KafkaClient\ninterface A { @Topic("placed") void send(Order o); }'), ("B.java", '@KafkaListener\nclass B { @Topic("placed") void on(Order o) {} }')),
        (("a.js", "connection.open_sender(process.env.ORDER_QUEUE)"), ("b.go", 'session.NewReceiver(ctx, os.Getenv("ORDER_QUEUE"), nil)')),
        (
            ("application.yml", "spring: {cloud: {stream: {bindings: {placed-out-0: {destination: placed}}}}}"),
            ("application.properties", "spring.cloud.stream.bindings.mail-in-0.destination=placed\n"),
        ),
    ],
)  # fmt: skip
def test_who_takes_what_another_sends_hears_it(sender: tuple[str, str], taker: tuple[str, str]) -> None:
    assert events(discovered(pair(sender, taker))) == {("orders", "mail")}


@pytest.mark.parametrize(
    ("sender", "taker"),
    [
        (("a.js", "producer.send({ topic: 'placed' })"), ("b.js", "consumer.subscribe({ topic: 'paid' })")),
        (("a.js", "producer.send({ topic: topicName })"), ("b.js", "consumer.subscribe({ topic: topicName })")),
        (("a.js", "// producer.send({ topic: 'placed' })"), ("b.js", "consumer.subscribe({ topic: 'placed' })")),
        (("a.py", "ch.basic_publish(exchange='shop', routing_key='placed')"), ("b.py", "ch.queue_bind(q, exchange='shop', routing_key='paid')")),
        (("A.cs", "record OrderPlaced(int Id);"), ("B.cs", "class B : IConsumer<OrderPlaced> {}")),
    ],
)  # fmt: skip
def test_other_topics_and_unexplained_names_join_nobody(
    sender: tuple[str, str], taker: tuple[str, str]
) -> None:
    assert events(discovered(pair(sender, taker))) == set()


def test_constants_are_followed_also_by_their_class_and_through_a_shared_library() -> None:
    graph = discovered(
        pair(
            ("A.java", "kafkaTemplate.send(OrderTopics.PLACED, order);"),
            ("B.java", "@KafkaListener(topics = OrderTopics.PLACED)"),
        )
        | {
            "common/OrderTopics.java": 'class OrderTopics { public static final String PLACED = "order-placed"; }',
            "common/MailTopics.java": 'class MailTopics { public static final String PLACED = "mail-placed"; }',
        }
    )
    assert events(graph) == {("orders", "mail")}


def test_settings_keys_and_environment_variables_stand_for_their_values() -> None:
    graph = discovered(
        pair(
            ("A.java", 'kafkaTemplate.send("x", y); @Value("${t}") String z; rabbitTemplate.convertAndSend("${topics.placed}", o);'),
            ("b.py", "channel = os.environ['CHANNEL_NAME']\npubsub.subscribe([channel])"),
            **{
                "orders/application.yml": "topics:\n  placed: order-placed\n",
                "compose.yaml": """
                    services:
                      orders: {build: orders}
                      mail: {build: mail, environment: {CHANNEL_NAME: order-placed}}
                    """,
            },
        )
    )  # fmt: skip
    assert events(graph) == {("orders", "mail")}


def test_a_subscription_may_name_its_publisher() -> None:
    graph = discovered(
        pair(
            ("a.py", "x = EventDispatcher()"),
            ("b.py", "@event_handler('orders', 'order_placed')\ndef on(self, e): ..."),
        )
    )
    assert [(edge.source, edge.target, edge.evidence) for edge in graph.event_edges] == [
        ("orders", "mail", "mail/b.py:1")
    ]


def test_commands_over_a_channel_are_calls() -> None:
    graph = discovered(
        pair(
            ("A.java", "step().invokeParticipant(x).withChannel(MailChannels.COMMANDS)"),
            ("B.java", 'SagaCommandHandlersBuilder.fromChannel("mailService")'),
            **{
                "mail-api/MailChannels.java": 'class MailChannels { static final String COMMANDS = "mailService"; }'
            },
        )
    )
    assert calls(graph) == {("orders", "mail")}
    assert events(graph) == set()


def test_the_contract_of_an_event_is_the_only_asyncapi_document() -> None:
    document = "asyncapi: 2.6.0\ninfo: {title: Shop, version: '1'}\nchannels: {placed: {}}\n"
    graph = discovered(
        pair(
            ("a.js", "bus.publish('placed')"),
            ("b.js", "bus.subscribe('placed')"),
            **{"contracts/shop.asyncapi.yaml": document},
        )
    )
    assert graph.event_edges[0].contract == "contracts/shop.asyncapi.yaml"
