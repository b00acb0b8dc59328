import core.zones
import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0006_needs_assessments'),
        ('members', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('name', models.CharField(max_length=160, verbose_name='goal')),
                ('why', models.TextField(blank=True, max_length=1000, verbose_name='why')),
                ('markets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='target markets')),
                ('sectors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='sectors')),
                ('hours', models.PositiveIntegerField(default=0, verbose_name='hours set aside')),
                ('money_eur', models.DecimalField(decimal_places=2, default=0, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='money set aside, EUR')),
                ('given_up_at', models.DateTimeField(null=True)),
                ('why_given_up', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('money_eur__gte', 0)), name='goal_money_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('given_up_at', None), ('why_given_up', '')), models.Q(('given_up_at__isnull', False), models.Q(('why_given_up', ''), _negated=True)), _connector='OR'), name='goal_given_up_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why_no_goal', models.CharField(blank=True, max_length=200, verbose_name='or: why it serves none')),
                ('name', models.CharField(max_length=160, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('mission', 'Mission'), ('workshop', 'Workshop'), ('fair', 'Fair'), ('project', 'Joint project')], max_length=8, verbose_name='kind')),
                ('aim', models.CharField(max_length=300, verbose_name='aim in one sentence')),
                ('ways_abroad', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('export', 'Export and globalisation'), ('research', 'Research collaboration'), ('platform', 'Transnational platform')], max_length=8), blank=True, default=list, size=None, verbose_name='models of internationalisation')),
                ('text', models.TextField(blank=True, max_length=8000, verbose_name='programme and what to know')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='to')),
                ('time_zone', models.CharField(max_length=60, validators=[core.zones.check_time_zone], verbose_name='time zone')),
                ('venue', models.CharField(blank=True, max_length=300, verbose_name='where')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('register_until', models.DateTimeField(verbose_name='sign up until')),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='places')),
                ('cost_eur', models.DecimalField(decimal_places=2, default=0, max_digits=10, validators=[django.core.validators.MinValueValidator(0)], verbose_name='cost for a participant, EUR')),
                ('support_eur', models.DecimalField(decimal_places=2, default=0, max_digits=10, validators=[django.core.validators.MinValueValidator(0)], verbose_name='of which the cluster pays, EUR')),
                ('hours', models.DecimalField(decimal_places=1, default=0, max_digits=7, validators=[django.core.validators.MinValueValidator(0)], verbose_name='hours of ours')),
                ('money_eur', models.DecimalField(decimal_places=2, default=0, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='money of ours, EUR')),
                ('results', models.TextField(blank=True, max_length=4000, verbose_name='what came of it')),
                ('status', models.CharField(choices=[('draft', 'Being planned'), ('published', 'Published'), ('over', 'Over'), ('cancelled', 'Cancelled')], default='draft', max_length=9)),
                ('why_cancelled', models.CharField(blank=True, max_length=600)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the plan changed for the last time.')),
                ('revision', models.PositiveSmallIntegerField(default=0, help_text='How often it changed: calendars ask.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='led_activities', to='members.organisation', verbose_name='led by')),
                ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.goal', verbose_name='goal that it serves')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['starts_at'], name='activity_by_day'), models.Index(fields=['status', 'ends_at'], name='activity_by_its_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('goal', None), ('why_no_goal', ''), _connector='OR'), name='programme_activity_goal_or_reason'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='activity_has_a_length'), models.CheckConstraint(condition=models.Q(('register_until__lte', models.F('ends_at'))), name='activity_sign_up_before_it_ends'), models.CheckConstraint(condition=models.Q(('support_eur__lte', models.F('cost_eur'))), name='activity_support_within_its_cost')],
            },
        ),
        migrations.CreateModel(
            name='Host',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('does', models.CharField(blank=True, max_length=200, verbose_name='what it does')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='programme.activity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hosted_activities', to='members.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('activity', 'organisation'), name='host_once')],
            },
        ),
        migrations.CreateModel(
            name='KPI',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('name', models.CharField(max_length=160, verbose_name='indicator')),
                ('unit', models.CharField(blank=True, max_length=40, verbose_name='unit')),
                ('baseline', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='at the start')),
                ('target', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='target')),
                ('due_on', models.DateField(verbose_name='by')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kpis', to='programme.goal')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('goal', 'name'), name='one_kpi_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='on')),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='value')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='a note')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kpi', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='programme.kpi')),
            ],
            options={
                'ordering': ['on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kpi', 'on'), name='one_reading_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=120, verbose_name='person')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('status', models.CharField(choices=[('registered', 'Takes part'), ('waiting', 'On the waiting list'), ('cancelled', 'Cancelled')], max_length=10)),
                ('registered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('attended', models.BooleanField(null=True, verbose_name='was there')),
                ('support_eur', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='support paid, EUR')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to='programme.activity')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to='members.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['activity', 'status', 'registered_at'], name='registrations_in_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), fields=('activity', 'email'), name='registered_once'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='registration_email_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why_no_goal', models.CharField(blank=True, max_length=200, verbose_name='or: why it serves none')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('gap', models.CharField(choices=[('sensing', 'Sensing'), ('mobilising', 'Mobilising'), ('operationalising', 'Operationalising')], max_length=16, verbose_name='gap that it closes')),
                ('function', models.CharField(choices=[('market', 'Market information'), ('knowledge', 'Knowledge sources'), ('new_markets', 'New markets'), ('contacts', 'New contacts and partners'), ('identity', 'Common identity and visibility'), ('funding', 'Access to funding')], max_length=11, verbose_name='function')),
                ('what', models.TextField(max_length=2000, verbose_name='what you get')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=6, validators=[django.core.validators.MinValueValidator(0)], verbose_name='hours of ours, usually')),
                ('price_eur', models.DecimalField(decimal_places=2, default=0, max_digits=10, validators=[django.core.validators.MinValueValidator(0)], verbose_name='price, EUR')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered now')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.goal', verbose_name='goal that it serves')),
                ('provider', models.ForeignKey(blank=True, help_text='A partner organisation; empty: the cluster itself.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.organisation', verbose_name='done by')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['gap', 'function'], name='service_in_the_matrix')],
                'constraints': [models.CheckConstraint(condition=models.Q(('goal', None), ('why_no_goal', ''), _connector='OR'), name='programme_service_goal_or_reason')],
            },
        ),
        migrations.CreateModel(
            name='ServiceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name='what you need')),
                ('status', models.CharField(choices=[('asked', 'Asked for'), ('agreed', 'Agreed'), ('delivered', 'Delivered'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('agreed_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='hours agreed')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('delivered_on', models.DateField(blank=True, null=True, verbose_name='delivered on')),
                ('delivered_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='hours spent')),
                ('answer', models.CharField(blank=True, max_length=600, verbose_name='what was agreed, or why not')),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='did it help?')),
                ('satisfied_words', models.CharField(blank=True, max_length=600, verbose_name='in your words')),
                ('satisfied_on', models.DateField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='service_requests', to='members.organisation')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='programme.service')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-asked_at'], name='request_of_organisation')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['asked', 'agreed'])), fields=('service', 'organisation'), name='one_open_request_of_a_service'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'delivered'), _negated=True), models.Q(('delivered_hours__isnull', False), ('delivered_on__isnull', False)), _connector='OR'), name='delivered_when_and_in_which_time'), models.CheckConstraint(condition=models.Q(('satisfied', None), ('satisfied__range', (1, 5)), _connector='OR'), name='satisfied_from_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='ActionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gap', models.CharField(choices=[('sensing', 'Sensing'), ('mobilising', 'Mobilising'), ('operationalising', 'Operationalising')], max_length=16, verbose_name='gap that it closes')),
                ('what', models.CharField(max_length=200, verbose_name='step')),
                ('who', models.CharField(blank=True, max_length=120, verbose_name='who does it')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='action_items', to='members.organisation')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='action_items', to='programme.servicerequest')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'done_on'], name='action_items_of_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('vision', models.TextField(max_length=2000, verbose_name='vision, in plain words')),
                ('skills', models.TextField(blank=True, max_length=2000, verbose_name='skills needed, one a line')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('consulted', 'Being consulted'), ('anchored', 'Anchored'), ('over', 'Over')], default='draft', max_length=9)),
                ('number', models.PositiveSmallIntegerField(default=0, help_text='The newest version that was put to stakeholders.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('anchored_at', models.DateTimeField(null=True)),
                ('anchored_number', models.PositiveSmallIntegerField(help_text='The version that members read.', null=True)),
                ('why_anchored', models.CharField(blank=True, help_text='Why it was anchored without a key company, or against an objection.', max_length=600)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__lt', models.F('ends_on'))), name='strategy_has_a_length'), models.CheckConstraint(condition=models.Q(models.Q(('anchored_at', None), ('anchored_number', None)), models.Q(('anchored_at__isnull', False), ('anchored_number__isnull', False)), _connector='OR'), name='strategy_anchored_in_a_version'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['anchored', 'over']), _negated=True), ('anchored_number__isnull', False), _connector='OR'), name='strategy_anchored_at')],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='strategy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='programme.strategy'),
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='organisation or body')),
                ('person', models.CharField(max_length=120, verbose_name='person')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('is_key_company', models.BooleanField(default=False, verbose_name='key company')),
                ('number', models.PositiveSmallIntegerField(help_text='The version that it is asked about.')),
                ('answer', models.CharField(choices=[('asked', 'Not answered yet'), ('endorsed', 'Stands behind it'), ('objected', 'Objects')], default='asked', max_length=8)),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='in your words')),
                ('asked_at', models.DateTimeField(help_text='When the link went out; empty while it is a draft.', null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='members.organisation', verbose_name='organisation')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='programme.strategy')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('strategy', 'email', 'number'), name='asked_once_about_a_version'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='endorsement_email_lower_case'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'asked'), ('answered_at', None)), models.Q(models.Q(('answer', 'asked'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='endorsement_answered_at'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'objected'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='objection_has_words')],
            },
        ),
        migrations.CreateModel(
            name='StrategyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='what is new')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='programme.strategy')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('strategy', 'number'), name='one_strategy_of_a_version')],
            },
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('strategy'), name='one_goal_of_a_name'),
        ),
    ]
